internal import Foundation

/// Where the jobs of a launch write what their workers say.
package struct JobLog: Sendable {
  /// How much of a log's end is looked at.
  private static let tail = 64 << 10

  package let folder: String

  package init(folder: String) { self.folder = folder }

  /// As sbatch wants it.
  package var pattern: String { "\(folder)/%j.log" }

  package func path(of id: SlurmJobID) -> String { "\(folder)/\(id).log" }

  /// The last line that a job has written; nil where it has written none that can be read from here.
  package func lastLine(of id: SlurmJobID) -> String? {
    // The nodes write it: where it is not seen from here, or not yet, nothing is known.
    guard let file = FileHandle(forReadingAtPath: path(of: id)),
      let size = try? file.seekToEnd(),
      (try? file.seek(toOffset: size - min(size, UInt64(Self.tail)))) != nil,
      let bytes = try? file.read(upToCount: Self.tail)
    else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.last.map { String($0.prefix(300)) }
  }
}
