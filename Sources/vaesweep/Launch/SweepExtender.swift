import Coordinator
import Dataset
import ResultStore
import Sweep
import SweepFile
import VAE
import Wire

/// Judges the sweeps with which a running coordinator is to go on.
final class SweepExtender: SweepExtending {
  /// The sweep that runs, or that is taken and is to run.
  private(set) var running: LoadedSweep
  /// The definition of the one that ran when it was taken.
  private(set) var extended: Digest?
  /// Whether nothing else of its name is wanted any more.
  private(set) var replaces = false
  private let file: String
  private let store: String

  /// - Parameter file: The sweep file that the coordinator was started with: a folder that the new one
  ///   names is seen from where it lies.
  init(file: String, store: String, running: LoadedSweep) {
    self.file = file
    self.store = store
    self.running = running
  }

  func take(_ request: ExtendRequest) -> String? {
    do throws(CommandError) {
      let next = try read(request)
      if !request.replaces { try requireAll(in: next.definition.grid) }
      extended = running.definition.definitionDigest
      replaces = request.replaces
      running = next
      return nil
    } catch {
      return error.description
    }
  }

  private func read(_ request: ExtendRequest) throws(CommandError) -> LoadedSweep {
    let contents: SweepFile.Contents
    do throws(SweepFileError) {
      let images = ArchitectureInput(
        pixels: running.dataset.shape.pixels,
        source: "as the images of \(running.dataset.name) have pixels")
      contents = try SweepFile.contents(yaml: request.yaml, file: file, images: images)
    } catch {
      throw .badInput(error)
    }
    let definition = contents.definition
    guard definition.dataset == running.definition.dataset else {
      throw .badInput(
        "dataset: \(definition.dataset) is not \(running.definition.dataset), which this store is of: "
          + "another dataset needs another coordinator")
    }
    let next = LoadedSweep(
      definition: definition, yaml: request.yaml, dataset: running.dataset,
      datasetDigest: running.datasetDigest)
    try SweepReach(contents, file: definition.name, trainCount: next.dataset.trainCount).check()
    return next
  }

  /// Points without an outcome must not fall away unseen; those that are cancelled are not wanted anyway.
  private func requireAll(in new: Grid) throws(CommandError) {
    let sweep = running.definition
    let orders: [SweepOrder]
    do throws(StoreError) {
      orders = try StoreReader(ofChecked: store).orders(of: sweep.name)
    } catch {
      throw .of(error)
    }
    let missing = try Self.leftOut(of: sweep.grid, in: new, without: orders, store: store)
    guard missing == 0 else {
      throw .badInput(
        "\(missing.of("point")) of the running sweep "
          + (missing == 1 ? "has no outcome and is" : "have no outcome and are")
          + " not in this file: leave them in it, or say --replace where they are not wanted any more"
      )
    }
  }

  /// How many points of a grid have no outcome and are not in another.
  ///
  /// - Parameter orders: Those that they cancel are not counted.
  static func leftOut(of old: Grid, in new: Grid, without orders: [SweepOrder], store: String)
    throws(CommandError) -> Int
  {
    var missing = old.positions(missingIn: new)
    guard !missing.isEmpty else { return 0 }
    do throws(StoreError) {
      let reader = try StoreReader(ofChecked: store)
      var lookup = GridLookup(old)
      missing = missing.subtracting(CancelledPositions(of: old, by: orders).positions)
      try reader.forEachOutcome { stored in
        if let index = lookup.index(of: stored.outcome.point) { missing.remove(index) }
        return true
      }
    } catch {
      throw .of(error)
    }
    return missing.count
  }
}
