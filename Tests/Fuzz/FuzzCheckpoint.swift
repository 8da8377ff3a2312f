import Sweep
import VAE

/// The bytes as a checkpoint; and with their sum set behind them, since no mutation would ever meet a
/// SHA-256 by chance.
func fuzzCheckpoint(_ bytes: UnsafeBufferPointer<UInt8>) {
  let body = Array(bytes)
  for data in [body, body + Array(Digest(of: body).hex.utf8)] {
    do throws(CheckpointError) {
      let checkpoint = try Checkpoint(decoding: data)
      if checkpoint.data != data { broken("an accepted checkpoint does not come back") }
    } catch {
      if error.description.contains(where: \.isNewline) {
        broken("an error of more than one line: \(error)")
      }
    }
  }
}

/// The bytes as the arrays of a picture, which reach the coordinator from workers.
func fuzzArrays(_ bytes: UnsafeBufferPointer<UInt8>) {
  guard let arrays = NamedArrays(data: Array(bytes)) else { return }
  guard let again = NamedArrays(data: arrays.data), again.data == arrays.data else {
    broken("accepted arrays do not come back")
  }
}
