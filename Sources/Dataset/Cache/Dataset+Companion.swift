extension Dataset {
  /// The bytes kept beside the cache file under `suffix`, or nil where there are none.
  ///
  /// Whoever wrote them checks them: another process may have left anything there.
  package func companion(_ suffix: String) -> [UInt8]? {
    // One that cannot be read is made anew, as one that is not there.
    guard let path = companionPath(suffix), let file = try? MappedFile(path) else { return nil }
    return Array(file.bytes)
  }

  /// Keeps `bytes` beside the cache file, complete or not at all; false where they can't be kept.
  ///
  /// What is kept follows from the dataset and may be made anew: a folder that can't be written to
  /// costs time, nothing else.
  @discardableResult
  package func keepCompanion(_ suffix: String, _ bytes: [UInt8]) -> Bool {
    guard let cacheFile, let path = companionPath(suffix) else { return false }
    do throws(DatasetError) {
      let file = try AtomicFile(in: String(cacheFile.dropLast(lastComponent(cacheFile).count + 1)))
      try file.write(bytes)
      _ = try file.commit(as: lastComponent(path))
      return true
    } catch {
      return false
    }
  }

  private func companionPath(_ suffix: String) -> String? {
    cacheFile.map { $0.dropLast(CacheFile.suffix.count) + suffix }
  }
}
