import Figures
import Glibc
import Platform

/// The folder that a report is written to.
///
/// A report is made whole in a folder of its own inside this one, then every file is renamed to its
/// place, the page last: whoever opens the page finds what it links to, and a report that is
/// interrupted, or that finds the disk full, leaves the one before as it was. What this program did
/// not make is never overwritten; what an earlier report left behind and this one no longer has is
/// removed.
package struct ReportFolder {
  /// The page's file.
  static let page = "index.html"
  /// A page's head stands in its first bytes.
  private static let headSize = 1 << 20

  package let path: String

  /// Takes a folder that is there, or one that `write` will make.
  package init(_ path: String) throws(ReportError) {
    if let status = FileStatus(path), status.kind != .folder {
      throw ReportError("\(path) is a file; a report is a folder: name another")
    }
    self.path = path
    try requireWritable()
  }

  /// Long work may lie between the question and the answer: makes the folder, and takes it back.
  private func requireWritable() throws(ReportError) {
    var missing: [String] = []
    var place = path
    while FileStatus(place) == nil, place != ".", place != "/" {
      missing.append(place)
      place = Path.folder(of: place)
    }
    try make()
    guard access(path, W_OK | X_OK) == 0 else {
      throw ReportError("\(path) may not be written to; name another folder")
    }
    if missing.isEmpty { try requireOwn([Self.page], try ownFiles()) }
    for folder in missing { rmdir(folder) }
  }

  /// What a report made or began to make here, which the next one may replace.
  private func ownFiles() throws(ReportError) -> Set<String> {
    try pageFiles().union(UnfinishedReport(in: path).names)
  }

  private func requireOwn(_ names: [String], _ own: Set<String>) throws(ReportError) {
    for name in names where !own.contains(name) && exists(name) {
      throw ReportError(
        "\(path)/\(name) was not made by vaesweep report; remove it, or choose another folder with --out"
      )
    }
  }

  private func make() throws(ReportError) {
    do throws(SystemError) {
      try Folder.make(path)
    } catch {
      throw ReportError("\(error); or name another folder")
    }
  }

  /// Writes `files`, and removes what only an earlier report had.
  ///
  /// Creates the folder, with those above it, where there is none.
  package func write(_ files: [ReportFile]) throws(ReportError) {
    try make()
    let folder = try locked()
    let unfinished = UnfinishedReport(in: path)
    let own = try ownFiles()
    try requireOwn(files.map(\.name), own)
    do throws(SystemError) {
      try unfinished.make(files, replacing: own)
      try unfinished.finish(files, last: Self.page, removing: own)
    } catch {
      throw ReportError("\(error)")
    }
    folder.close()
  }

  /// The folder, which nobody else writes a report to while it is open.
  private func locked() throws(ReportError) -> FileDescriptor {
    do throws(Errno) {
      let folder = try FileDescriptor(opening: path, O_RDONLY | O_DIRECTORY)
      if try folder.lock(waits: false) { return folder }
    } catch {
      throw ReportError("\(SystemError("lock", path, error))")
    }
    throw ReportError("another vaesweep is writing its report to \(path); wait for it")
  }

  private func exists(_ name: String) -> Bool { FileStatus(ofLink: "\(path)/\(name)") != nil }

  /// The files of the report that is there; none where there is no report.
  private func pageFiles() throws(ReportError) -> Set<String> {
    guard exists(Self.page) else { return [] }
    do throws(Errno) {
      let page = try FileDescriptor(opening: "\(path)/\(Self.page)", O_RDONLY)
      var head = [UInt8](repeating: 0, count: Self.headSize)
      let count = try systemCall { read(page.number, &head, head.count) }
      return Set(Self.list(in: String(decoding: head.prefix(count), as: UTF8.self)) ?? [])
    } catch {
      throw ReportError("\(SystemError("read", "\(path)/\(Self.page)", error))")
    }
  }

  /// The line of the page's head that names the report's files.
  static func listing(_ names: [String]) -> Markup {
    "<meta name=\"vaesweep-files\" content=\"\(names.sorted().joined(separator: " "))\">"
  }

  /// The files that a page made by this program names; nil where it is no such page.
  static func list(in page: String) -> [String]? {
    guard let match = page.firstMatch(of: /<meta name="vaesweep-files" content="([a-z0-9._ -]*)">/)
    else { return nil }
    return UnfinishedReport.names(in: String(match.1))
  }
}
