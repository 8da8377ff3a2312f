import Glibc

/// A fresh folder that is deleted, with all it holds, when the last reference to it goes.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    let base = Machine.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(base)/vaesweep-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw UnmetRequirement("cannot create a folder in \(base): errno \(errno)")
    }
    path = template.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// The path of `name` inside the folder.
  package subscript(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes `bytes` to `name`, creates the folders on the way, and returns the path.
  @discardableResult
  package func write(_ bytes: [UInt8], to name: String) throws -> String {
    let target = self[name]
    var parent = path
    for part in name.split(separator: "/").dropLast() {
      parent += "/\(part)"
      mkdir(parent, 0o755)
    }
    guard let file = fopen(target, "wb") else {
      throw UnmetRequirement("cannot write \(target): errno \(errno)")
    }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw UnmetRequirement("cannot write \(target): errno \(errno)")
    }
    return target
  }

  /// Writes a script to `name` that can be run at once, and returns the path.
  ///
  /// A process of its own makes the file. What this one has open for writing, a child that another thread
  /// starts in that moment has inherited until it runs its own program, and nothing is run that anybody
  /// has open for writing (ETXTBSY).
  @discardableResult
  package func writeProgram(_ text: String, to name: String) throws -> String {
    let source = try write(Array(text.utf8), to: "\(name).text")
    defer { unlink(source) }
    guard Machine.run("install", "-m", "755", source, self[name]) == 0 else {
      throw UnmetRequirement("cannot write \(self[name])")
    }
    return self[name]
  }

  /// The names in the folder, or in one of its subfolders, sorted.
  package func names(in subfolder: String = ".") -> [String] {
    guard let directory = opendir(self[subfolder]) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = entryName(entry)
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  deinit { removeTree(path) }
}

/// Deletes `path` and all below it, without following links.
private func removeTree(_ path: String) {
  if let directory = opendir(path) {
    while let entry = readdir(directory) {
      let name = entryName(entry)
      if name != ".", name != ".." { removeEntry("\(path)/\(name)") }
    }
    closedir(directory)
  }
  rmdir(path)
}

private func removeEntry(_ path: String) {
  var status = stat()
  guard lstat(path, &status) == 0 else { return }
  if status.st_mode & S_IFMT == S_IFDIR {
    removeTree(path)
  } else {
    unlink(path)
  }
}

private func entryName(_ entry: UnsafeMutablePointer<dirent>) -> String {
  withUnsafePointer(to: &entry.pointee.d_name) { pointer in
    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
  }
}
