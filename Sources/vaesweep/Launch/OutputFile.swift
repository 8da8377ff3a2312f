import Foundation
import Platform

/// A file that a command writes at its end: what stands in the way is said before the work.
struct OutputFile {
  /// Where a symbolic link leads: the link stays.
  let path: String
  private let kind: Kind
  private var option: String { kind.option }

  /// What is written, which alone may be replaced: any other file may be what somebody works with, such as a
  /// sweep file, a store, a dataset or a key.
  enum Kind {
    case certificate
    case weights

    /// The option that names it, for the errors.
    var option: String {
      switch self {
      case .certificate: "--certificate"
      case .weights: "--weights"
      }
    }

    fileprivate var name: String {
      switch self {
      case .certificate: "a certificate"
      case .weights: "a safetensors file"
      }
    }

    /// Whether a file that begins so is one, or is empty.
    fileprivate func holds(_ head: Data) -> Bool {
      switch self {
      case _ where head.isEmpty: return true
      case .certificate: return head.starts(with: Data("# Audit of ".utf8))
      case .weights:
        // The length of a JSON object, in eight bytes from the lowest on, then the object.
        return head.count > 9 && head[head.startIndex + 8] == UInt8(ascii: "{")
          && head[(head.startIndex + 5)..<(head.startIndex + 8)].allSatisfy { $0 == 0 }
      }
    }
  }

  /// - Throws: Bad input where no file can be written there, or one that is no earlier output of this kind
  ///   would be lost.
  init(_ path: String, as kind: Kind) throws(CommandError) {
    self.kind = kind
    self.path = Path.destination(of: path)
    try requireFree(path)
    do throws(SystemError) {
      // Removed again at once: that it can be made is the question.
      let trial = try PendingFile(in: Path.folder(of: self.path))
      _ = trial.path
    } catch {
      throw .badInput("\(option) \(path): \(error)")
    }
  }

  private func requireFree(_ shown: String) throws(CommandError) {
    let folder = Path.folder(of: path)
    guard FileStatus(folder)?.kind == .folder else {
      throw .badInput("\(option) \(shown): the folder \(folder) does not exist; make it first")
    }
    guard !Path.name(of: path).isEmpty else {
      throw .badInput("\(option) \(shown): it is a folder; name a file in it")
    }
    switch FileStatus(path)?.kind {
    case nil: break
    case .folder: throw .badInput("\(option) \(shown): it is a folder; name a file in it")
    case .symbolicLink, .other:
      throw .badInput("\(option) \(shown): it is a device or a pipe; name a file")
    case .file:
      guard let head, kind.holds(head) else {
        throw .badInput(
          "\(option) \(shown): there is a file already that is not \(kind.name), so that it is not "
            + "overwritten; name another, or move it away")
      }
    }
  }

  /// The first bytes of the file that is there; nil where it cannot be read.
  private var head: Data? { FileHandle(forReadingAtPath: path)?.readData(ofLength: 64) }

  func write(_ bytes: [UInt8]) throws(CommandError) {
    do throws(SystemError) {
      try DurableFile.replace(path, with: bytes)
    } catch {
      throw .failure("\(option): \(error)")
    }
  }
}
