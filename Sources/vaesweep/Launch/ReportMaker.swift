import Report
import ResultStore
import StoredStudy
import Study
import Sweep
import Tables
import VAE

/// Reads a store and writes its report; `run --report` and `report` share it.
struct ReportMaker {
  let store: String
  /// Of its sweeps the one of this name alone.
  var sweep: String?
  /// Which points it is about; nil for all.
  var filter: PointFilter?
  var show: ShownRun = .median
  var collapseThreshold = Sweep.collapseThreshold
  /// The configuration that the others are compared with, as a user names it.
  var reference: String?

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
    guard try writeIfAny(to: folder) else {
      let part = filter.map { " with \($0.texts.joined(separator: ", "))" } ?? ""
      throw .badInput(
        "\(store) has no outcome\(part) yet, so there is nothing to report; run its sweep first")
    }
  }

  /// False where the store has no outcome, and nothing is written.
  func writeIfAny(to folder: ReportFolder) throws(CommandError) -> Bool {
    guard let report = try readReport() else { return false }
    do throws(ReportError) {
      let files = try report.files { Console.say("\($0) …") }
      try folder.write(files)
      Console.say("\(files.count.of("file")) in \(folder.path); open \(folder.path)/index.html")
      return true
    } catch {
      throw .failure(error)
    }
  }

  /// Nil where the store has no outcome.
  private func readReport() throws(CommandError) -> StudyReport? {
    Console.say("reading \(store) …")
    let reader = try reading { () throws(StoreError) in try StoreReader(path: store) }
    // Read with all epochs, each outcome is checked against its result digest.
    let study = try StoredStudy.read(reader, named: sweep, history: .full).part(filter)
    guard !study.outcomes.isEmpty else { return nil }
    let reference = try chosenReference(study)
    let kinds = try reading { () throws(StoreError) in try reader.artifactKinds() }
      .mapValues { Set($0.compactMap(\.picture)) }
    var report = report(of: study, kinds: kinds, reference)
    for request in report.wanted {
      let data = try reading { () throws(StoreError) in
        try reader.artifact(of: request.key, .picture(request.kind))
      }
      if let data { report.add(data, for: request) }
    }
    return report
  }

  private func reading<Result>(_ body: () throws(StoreError) -> Result) throws(CommandError)
    -> Result
  {
    do throws(StoreError) {
      return try body()
    } catch {
      throw .of(error)
    }
  }

  private func chosenReference(_ study: StoredStudy) throws(CommandError) -> ReportReference? {
    guard let reference else { return nil }
    let all = study.configurations
    let chosen = try study.choose(reference, from: all, option: "--reference")
    do throws(ReportError) {
      return try ReportReference(chosen, among: all)
    } catch {
      throw .badInput("--reference: \(error)")
    }
  }

  private func report(
    of study: StoredStudy, kinds: [PointKey: Set<PictureKind>], _ reference: ReportReference?
  ) -> StudyReport {
    let looks = study.takenLooks
    return StudyReport(
      contents(of: study), kinds: kinds, show: show,
      claims: filter == nil ? ClaimTable.tables(of: study) : [],
      looks: looks.isEmpty ? nil : LooksTable(looks), reference: reference)
  }

  private func contents(of study: StoredStudy) -> ReportContents {
    var contents = ReportContents(
      sweeps: study.sweeps.filter { sweep == nil || $0.name == sweep }.map {
        ReportContents.StoredSweepText(name: $0.name, dataset: $0.dataset, yaml: $0.yaml)
      },
      datasetDigest: study.sweeps.first?.datasetDigest.hex ?? "",
      trainerVersion: study.sweeps.first?.trainerVersion ?? 0,
      planned: study.planned, failed: study.failures, collapseThreshold: collapseThreshold)
    contents.part = filter?.texts ?? []
    for stored in study.outcomes { contents.add(stored.outcome, receipt: stored.receipt) }
    return contents
  }
}

extension ClaimTable {
  /// The claims of each sweep of a study, or as the definition `edited` has them.
  static func tables(of study: StoredStudy, edited: SweepDefinition? = nil) -> [ClaimTable] {
    study.judgements(edited: edited).map {
      ClaimTable($0.judgement, sweep: $0.name, leftOut: study.leftOutClaims)
    }
  }
}
