extension Dataset {
  /// Opens a cache file: maps it read-only and parses its four headers in place.
  ///
  /// Nothing is copied.
  ///
  /// Sizes, headers, counts and labels are checked, which reads a page per 4,096 labels; the pixels
  /// are not touched, since the file was verified by digest when it was made.
  ///
  /// - Parameters:
  /// - cacheFile: A file named `<digest>.idx4`.
  /// - name: What the dataset was asked for by.
  /// - verifyingDigest: Whether to hash the whole file as well (55 MB for MNIST).
  package static func open(
    cacheFile path: String, name: String, verifyingDigest: Bool = false
  ) throws(DatasetError) -> Dataset {
    guard let digest = CacheFile.digest(ofPath: path) else {
      throw DatasetError(
        .invalidName, "opening \(path)", problem: "it is not named <digest>.idx4",
        advice: "give the path of a file in the dataset cache")
    }
    let file = try MappedFile(path)
    let layout = try IDXLayout.parse(Span(_unsafeElements: file.bytes), path: path)
    if verifyingDigest {
      var hash = HexDigest()
      hash.update(UnsafeRawBufferPointer(file.bytes))
      let actual = hash.finish()
      guard actual == digest else {
        throw DatasetError(
          .digestMismatch, "verifying \(path)", problem: "its SHA-256 is \(actual)",
          advice: "it is made anew from its source where that is here")
      }
    }
    func view(_ file: IDXFile, in mapped: MappedFile) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: mapped.bytes[layout.body(of: file)])
    }
    return Dataset(
      name: name, digest: digest,
      train: ImageSet(
        pixels: view(.trainImages, in: file), labels: view(.trainLabels, in: file), owner: file),
      test: ImageSet(
        pixels: view(.testImages, in: file), labels: view(.testLabels, in: file), owner: file),
      cacheFile: path)
  }
}
