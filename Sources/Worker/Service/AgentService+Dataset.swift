import Dataset
import Sweep
import Wire

extension AgentService {
  func findDataset(_ digest: Digest) {
    if let path = cachedFile(
      digest: digest.hex, folders: options.folders, verifying: true)
    {
      pending.append(.datasetFound(path: path))
    } else {
      pending.append(.datasetMissing)
    }
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
      pending.append(.datasetFound(path: try receiver.finish()))
    } catch {
      receiver = nil
      pending.append(.datasetFailed("\(error)"))
    }
  }
}
