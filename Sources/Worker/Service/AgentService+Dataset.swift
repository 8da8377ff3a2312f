import Dataset
import Logging
import Sweep
import Wire

extension AgentService {
  func findDataset(_ digest: Digest) {
    dataset = nil
    guard let path = cachedFile(digest: digest.hex, folders: options.folders) else {
      return pending.append(.datasetMissing)
    }
    do throws(DatasetError) {
      try share(path)
    } catch {
      logger.warning("\(error)")
      // What is damaged is removed, and made anew where its source is here; where that fails too, the
      // dataset counts as missing and is fetched.
      guard cachedFile(digest: digest.hex, folders: options.folders, verifying: true) == path,
        (try? share(path)) != nil
      else { return pending.append(.datasetMissing) }
    }
    pending.append(.datasetFound(path: path))
  }

  /// Takes a cache file's bytes for the trainers to come, verified, and out of reach of whoever
  /// changes the file.
  private func share(_ path: String) throws(DatasetError) {
    let shared = try SharedDataset(cacheFile: path)
    if let refusal = shared.refusal {
      logger.warning("\(refusal); trainers map the file and verify it with every run")
    }
    dataset = shared
  }

  func store(_ chunk: BlobChunk) {
    do throws(DatasetError) {
      if chunk.offset == 0 {
        receiver = try DatasetReceiver(
          digest: chunk.digest.hex, size: chunk.size, folders: options.folders)
      }
      guard let receiver else { return }
      try receiver.accept(offset: chunk.offset, bytes: chunk.data)
      guard receiver.isComplete else { return }
      self.receiver = nil
      let path = try receiver.finish()
      try share(path)
      pending.append(.datasetFound(path: path))
    } catch {
      receiver = nil
      pending.append(.datasetFailed("\(error)"))
    }
  }
}
