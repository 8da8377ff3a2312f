import Dataset
import ResultStore
import Sweep
import VAE

/// A store whose points can be trained again here: opened, with the terms that its numbers hold under.
struct StoredResults {
  let path: String
  let reader: StoreReader
  /// In the order they were first started.
  let sweeps: [StoredSweep]
  let datasetDigest: Digest
  let terms: RecordedTerms

  /// - Throws: Bad input where there is no such store, or this program trains otherwise than the one that
  ///   wrote it.
  init(_ path: String) throws(CommandError) {
    self.path = path
    let recorded: RecordedTerms?
    do throws(StoreError) {
      reader = try StoreReader(path: path)
      sweeps = try reader.sweeps()
      recorded = try ResultStore.recordedTerms(path: path)
    } catch {
      throw .of(error)
    }
    guard let sweep = sweeps.first, let recorded else {
      throw .badInput("\(path): no sweep has started on it yet")
    }
    datasetDigest = sweep.datasetDigest
    terms = recorded
  }

  /// Refuses results that this program cannot make again.
  func requireTrainer() throws(CommandError) {
    guard let version = sweeps.first?.trainerVersion, version != Trainer.version else { return }
    throw .badInput(
      "\(path): its outcomes are of trainer version \(version), and this vaesweep has "
        + "\(Trainer.version): take the vaesweep that made them")
  }

  /// The dataset that its points were trained on, found where this host has it.
  ///
  /// - Parameter name: What the user gave in its place, such as a folder that has moved.
  func dataset(_ name: String?, _ data: DataOptions) throws(CommandError) -> PreparedDataset {
    var tried: (name: String, digest: String)?
    var failure: CommandError?
    let names = name.map { [$0] } ?? sweeps.map(\.dataset)
    var known: Set<String> = []
    for name in names where known.insert(name).inserted {
      do throws(CommandError) {
        let prepared = try data.prepare(name, allowFetch: data.data == nil)
        if prepared.digest == datasetDigest.hex { return prepared }
        tried = (name, prepared.digest)
      } catch {
        failure = error
      }
    }
    if let tried {
      throw .badInput(
        "\(path): its outcomes are of the dataset \(datasetDigest.short)…, and \(tried.name) is "
          + "\(tried.digest.prefix(12))… here; name theirs with --dataset")
    }
    throw failure ?? .badInput("\(path): its dataset is not known; name it with --dataset")
  }
}
