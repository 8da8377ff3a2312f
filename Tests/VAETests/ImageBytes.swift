import Dataset

/// Bytes that an image set views.
final class ImageBytes {
  let pixels: UnsafeMutableBufferPointer<UInt8>
  let labels: UnsafeMutableBufferPointer<UInt8>

  init(_ pixels: some Collection<UInt8>, _ labels: some Collection<UInt8>) {
    self.pixels = .allocate(capacity: pixels.count)
    _ = self.pixels.initialize(from: pixels)
    self.labels = .allocate(capacity: labels.count)
    _ = self.labels.initialize(from: labels)
  }

  deinit {
    pixels.deallocate()
    labels.deallocate()
  }
}

extension ImageSet {
  init(
    inMemory pixels: some Collection<UInt8>, labels: some Collection<UInt8>,
    shape: ImageShape = .mnist
  ) {
    let bytes = ImageBytes(pixels, labels)
    self.init(
      pixels: UnsafeBufferPointer(bytes.pixels), labels: UnsafeBufferPointer(bytes.labels),
      owner: bytes, shape: shape)
  }
}
