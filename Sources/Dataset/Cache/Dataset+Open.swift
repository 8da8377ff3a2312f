package import Platform

extension Dataset {
  /// Opens a cache file: maps it read-only and parses its four headers in place.
  ///
  /// Nothing is copied.
  ///
  /// Sizes, headers and counts are checked; pixels and labels are not touched, since the file was
  /// verified by digest when it was made.
  ///
  /// - Parameters:
  /// - cacheFile: A file named `<digest>.idx4`.
  /// - name: What the dataset was asked for by.
  /// - verifyingDigest: Whether to hash the whole file as well (55 MB for MNIST).
  package static func open(
    cacheFile path: String, name: String, verifyingDigest: Bool = false
  ) throws(DatasetError) -> Dataset {
    let digest = try requireDigest(ofPath: path)
    let file = try MappedFile(path)
    return try make(
      file.bytes, in: .file(file), digest: digest, name: name, path: path,
      verifyingDigest: verifyingDigest)
  }

  /// Opens a copy of a cache file that nobody can change.
  ///
  /// - Parameters:
  ///   - path: The cache file it is a copy of, named `<digest>.idx4`; it need not be there any more.
  ///   - verifyingDigest: Whether to hash the copy: once, by the process that made it.
  package static func open(
    sealed memory: SealedMemory, cacheFile path: String, name: String, verifyingDigest: Bool
  ) throws(DatasetError) -> Dataset {
    try make(
      memory.bytes.bindMemory(to: UInt8.self), in: .memory(memory),
      digest: requireDigest(ofPath: path), name: name, path: path, verifyingDigest: verifyingDigest)
  }

  /// Opens a dataset that nobody can change while this process uses it: from a copy in memory, or
  /// where there is no memory for one from its cache file, which ``requireUnchanged()`` judges then.
  ///
  /// Verified by its digest either way.
  package static func open(
    unchangingFrom cacheFile: String, name: String
  ) throws(DatasetError) -> Dataset {
    let memory: SealedMemory
    do throws(Platform.SystemError) {
      memory = try SealedMemory(copying: cacheFile)
    } catch {
      // No memory for a copy, or no such file, which the next line says.
      return try open(cacheFile: cacheFile, name: name, verifyingDigest: true)
    }
    return try open(sealed: memory, cacheFile: cacheFile, name: name, verifyingDigest: true)
  }

  /// Judges the bytes that this dataset has shown since it was opened or last judged.
  ///
  /// Costs nothing where nobody can change them; a mapped file is hashed (0.1 s for MNIST).
  ///
  /// - Throws: `.digestMismatch` where the file has been changed meanwhile: what was computed from
  ///   it is not to be believed.
  package func requireUnchanged() throws(DatasetError) {
    guard case .file(let file)? = backing else { return }
    try file.requireUntouched()
    try Self.require(digest, of: file.bytes, path: file.path)
  }

  private static func requireDigest(ofPath path: String) throws(DatasetError) -> String {
    guard let digest = CacheFile.digest(ofPath: path) else {
      throw DatasetError(
        .invalidName, "opening \(path)", problem: "it is not named <digest>.idx4",
        advice: "give the path of a file in the dataset cache")
    }
    return digest
  }

  private static func require(
    _ digest: String, of bytes: UnsafeBufferPointer<UInt8>, path: String
  ) throws(DatasetError) {
    var hash = HexDigest()
    hash.update(UnsafeRawBufferPointer(bytes))
    let actual = hash.finish()
    guard actual == digest else {
      throw DatasetError(
        .digestMismatch, "verifying \(path)", problem: "its SHA-256 is \(actual)",
        advice: "it is made anew from its source where that is here")
    }
  }

  private static func make(
    _ bytes: UnsafeBufferPointer<UInt8>, in backing: Backing, digest: String, name: String,
    path: String, verifyingDigest: Bool
  ) throws(DatasetError) -> Dataset {
    let layout = try IDXLayout.parse(Span(_unsafeElements: bytes), path: path)
    if verifyingDigest { try require(digest, of: bytes, path: path) }
    func view(_ file: IDXFile) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: bytes[layout.body(of: file)])
    }
    func images(_ pixels: IDXFile, _ labels: IDXFile) -> ImageSet {
      ImageSet(
        pixels: view(pixels), labels: view(labels), owner: backing.owner, shape: layout.shape)
    }
    return Dataset(
      name: name, digest: digest, train: images(.trainImages, .trainLabels),
      test: images(.testImages, .testLabels), cacheFile: path, backing: backing)
  }
}
