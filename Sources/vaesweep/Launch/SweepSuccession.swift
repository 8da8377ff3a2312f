import ArgumentParser
import Coordinator
import Dataset
import Foundation
import Logging
import ResultStore
import StoredStudy
import Sweep
import SweepFile
import VAE

/// What becomes of the points that a store's sweep asks for and the file of this start does not.
struct SuccessionOptions: ParsableArguments {
  @Flag(
    help: """
      Work on just what this file asks for, also where the store's sweep of this name was extended or has \
      points without an outcome that the file leaves out.
      """)
  var replace = false
}

/// Which sweep a start on a store works on: an extension that was acknowledged is not undone by a start
/// with the file of before, and no start leaves points out unseen.
struct SweepSuccession {
  let store: String
  /// The file of this start, as the user named it.
  let file: String
  let logger: Logger

  /// - Returns: What was loaded, or the sweep that was extended from it.
  func resolve(_ loaded: LoadedSweep, replaces: Bool) throws(CommandError) -> LoadedSweep {
    let (name, digest) = (loaded.definition.name, loaded.definition.definitionDigest)
    guard let sweeps = try sweeps(fitting: loaded) else { return loaded }
    try requireRegisteredLikelihood(of: loaded.definition)
    let isKnown = sweeps.holds(digest)
    for stored in sweeps.replaced(by: digest, named: name) {
      guard !replaces else {
        logger.info("--replace: \(file) takes the place of sweep \(stored.name)")
        continue
      }
      let current = try read(stored, as: loaded)
      let grids = (old: current.definition.grid, new: loaded.definition.grid)
      let orders = isKnown ? [] : try orders(of: stored.name)
      let left = try SweepExtender.leftOut(
        of: grids.old, in: grids.new, without: orders, store: store)
      if isKnown, left > 0 || sweeps.isExtended(digest) {
        logger.warning(
          """
          sweep \(stored.name) goes on as it was extended, with \(grids.old.count().points.of("point")) \
          where \(file) has \(grids.new.count().points): start it with that file, or with --replace to \
          go back to this one
          """)
        return current
      }
      guard left == 0 else {
        throw .badInput(
          "\(file): \(left.of("point")) of sweep \(stored.name), as \(store) has it, "
            + (left == 1 ? "has no outcome and is" : "have no outcome and are")
            + " not in this file: leave them in it, choose another name or store, or say --replace "
            + "where they are not wanted any more")
      }
    }
    return loaded
  }

  /// nil where there is no store yet, or the start is refused it anyway.
  private func sweeps(fitting loaded: LoadedSweep) throws(CommandError) -> [StoredSweep]? {
    do throws(StoreError) {
      guard try ResultStore.recordedTerms(path: store) != nil else { return nil }
      let sweeps = try StoreReader(ofChecked: store).sweeps()
      let fits = sweeps.allSatisfy {
        $0.datasetDigest == loaded.datasetDigest && $0.trainerVersion == Trainer.version
      }
      return fits ? sweeps : nil
    } catch {
      throw .of(error)
    }
  }

  /// Figures of other draws would leave claims without those that they were registered with.
  private func requireRegisteredLikelihood(of definition: SweepDefinition) throws(CommandError) {
    let families: [RegisteredClaims.Family]
    do throws(StoreError) {
      families =
        RegisteredClaims(
          try StoreReader(ofChecked: store).claimFamilies(), names: [:], of: store
        ).families
    } catch {
      throw .of(error)
    }
    let own = families.first { $0.definition == definition.definitionDigest }
    guard let registered = own?.likelihood, registered != definition.artifacts.likelihood else {
      return
    }
    let images = registered.images.map { ", images: \($0)" } ?? ""
    throw .badInput(
      "\(file): measures: claims on the likelihood were registered in \(store) with {draws: "
        + "\(registered.draws)\(images)}: ask for the same, or choose another store")
  }

  private func orders(of name: String) throws(CommandError) -> [SweepOrder] {
    do throws(StoreError) { return try StoreReader(ofChecked: store).orders(of: name) } catch {
      throw .of(error)
    }
  }

  private func read(_ stored: StoredSweep, as loaded: LoadedSweep) throws(CommandError)
    -> LoadedSweep
  {
    do throws(SweepFileError) {
      var definition = try SweepFile.parse(
        yaml: stored.yaml, file: "\(store): sweep \(stored.name)", images: loaded.dataset.input,
        from: .record)
      // What the user has named in place of the file's.
      definition.dataset = stored.dataset
      return LoadedSweep(
        definition: definition, yaml: stored.yaml, dataset: loaded.dataset,
        datasetDigest: loaded.datasetDigest)
    } catch {
      throw .badInput("\(error); say --replace to work on \(file) in its place")
    }
  }
}
