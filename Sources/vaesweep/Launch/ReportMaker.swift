import Report
import ResultStore
import Study
import Sweep
import SweepFile
import VAE

/// Reads a store and writes its report; `run --report` and `report` share it.
struct ReportMaker {
  let store: String
  var show: ShownRun = .median
  var collapseThreshold = Sweep.collapseThreshold

  /// The folder `--out` or `--report` names, refused before any work if it is none.
  static func folder(_ path: String) throws(CommandError) -> ReportFolder {
    do throws(ReportError) {
      return try ReportFolder(path)
    } catch {
      throw .badInput("\(error)")
    }
  }

  /// - Throws: Bad input where the store has no outcome.
  func write(to folder: ReportFolder) throws(CommandError) {
    var report = try readReport()
    do throws(StoreError) {
      let reader = try StoreReader(path: store)
      for request in report.wanted {
        guard let data = try reader.artifact(of: request.key, request.kind) else { continue }
        report.add(data, for: request)
      }
    } catch {
      throw .of(error)
    }
    do throws(ReportError) {
      let files = try report.files { Console.say("\($0) …") }
      try folder.write(files)
      Console.say("\(files.count) files in \(folder.path); open \(folder.path)/index.html")
    } catch {
      throw .failure(error)
    }
  }

  private func readReport() throws(CommandError) -> StudyReport {
    Console.say("reading \(store) …")
    let contents: ReportContents
    let kinds: [PointKey: Set<PictureKind>]
    let looks: StoredLooks
    do throws(StoreError) {
      let reader = try StoreReader(path: store)
      let sweeps = try reader.sweeps()
      let definitions = try reader.definitions()
      looks = try StoredLooks(reader, definitions)
      contents = try readContents(reader, sweeps, definitions.map(\.grid), looks)
      kinds = try reader.artifactKinds()
    } catch {
      throw .of(error)
    }
    guard !contents.isEmpty else {
      throw .badInput(
        "\(store) has no outcome yet, so there is nothing to report; run its sweep first")
    }
    return StudyReport(
      contents, kinds: kinds, show: show,
      claims: try StoredClaims(store: store).tables(),
      looks: looks.looks.isEmpty ? nil : LooksTable(looks.looks))
  }

  private func readContents(
    _ reader: StoreReader, _ sweeps: [StoredSweep], _ grids: [Grid], _ looks: StoredLooks
  ) throws(StoreError) -> ReportContents {
    // What came after the look that decided is surplus, here as in `summary`.
    func isAsked(_ point: Point) -> Bool { looks.isAsked(point, by: grids) }
    let failed = try reader.troubledPoints().filter(\.tally.isFailed).map(\.point)
      .filter(isAsked)
    var contents = ReportContents(
      sweeps: sweeps.map {
        ReportContents.StoredSweepText(name: $0.name, dataset: $0.dataset, yaml: $0.yaml)
      },
      datasetDigest: sweeps.first?.datasetDigest.hex ?? "",
      trainerVersion: sweeps.first?.trainerVersion ?? 0,
      planned: looks.planned(grids),
      failed: Dictionary(grouping: failed, by: \.configuration).mapValues(\.count),
      collapseThreshold: collapseThreshold)
    // Read with all epochs, each outcome is checked against its result digest.
    try reader.forEachOutcome(history: .full) { stored in
      if isAsked(stored.outcome.point) { contents.add(stored.outcome, receipt: stored.receipt) }
      return true
    }
    return contents
  }
}
