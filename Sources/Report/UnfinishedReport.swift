import Glibc
import Platform

/// A report that is being made, in a folder of its own inside the report's.
///
/// The folder holds the new files and, under `names`, the names of all that belong to the new report
/// or to an earlier one. The names are written before anything is moved, and are removed when
/// everything is in its place: what an interrupted report has moved, the next one knows by them.
struct UnfinishedReport {
  private let place: String
  private let folder: String
  /// What an interrupted report may have left in its place; empty where none was interrupted.
  let names: Set<String>

  /// Far more than the names of a report take.
  private static let longestNames = 1 << 20

  /// - Parameter report: The folder of the report, which must be there.
  init(in report: String) {
    place = report
    folder = "\(report)/.unfinished-report"
    // What can't be read was not written whole, so that nothing was moved.
    let bytes = try? readFile("\(folder)/names", atMost: Self.longestNames)
    names = Set(Self.names(in: String(decoding: bytes ?? [], as: UTF8.self)))
  }

  /// The names in a list with spaces between them: nothing outside the folder, and nothing but
  /// pictures and the page.
  static func names(in list: String) -> [String] {
    list.split(separator: " ").map(String.init).filter {
      $0.wholeMatch(of: /[a-z0-9][a-z0-9._-]*\.(svg|png|gif|html)/) != nil
    }
  }

  /// Writes the new files, durably; where that fails nothing has been moved, and the disk is as full
  /// as it was.
  ///
  /// - Parameter own: Files in their places that belong to a report.
  func make(_ files: [ReportFile], replacing own: Set<String>) throws(SystemError) {
    do throws(SystemError) {
      try Folder.make(folder)
      let all = own.union(files.map(\.name)).sorted().joined(separator: " ")
      try DurableFile.replace("\(folder)/names", with: Array(all.utf8))
      empty()
      for file in files { try write(file) }
      try DurableFile.syncFolder(folder)
    } catch {
      empty()
      // The names of an interrupted report are still needed.
      if names.isEmpty { remove() }
      throw error.while("write", "a report to \(place)")
    }
  }

  /// Moves the new files to their places, one of them last, and removes the others of `own`.
  func finish(
    _ files: [ReportFile], last: String, removing own: Set<String>
  ) throws(SystemError) {
    let names = files.map(\.name)
    for name in names where name != last { try move(name) }
    try DurableFile.syncFolder(place)
    if names.contains(last) { try move(last) }
    for name in own.subtracting(names) { unlink("\(place)/\(name)") }
    try DurableFile.syncFolder(place)
    remove()
  }

  private func write(_ file: ReportFile) throws(SystemError) {
    let path = "\(folder)/\(file.name)"
    do throws(Errno) {
      let descriptor = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC)
      try descriptor.write(file.bytes)
      try descriptor.sync()
    } catch {
      throw SystemError("write", path, error)
    }
  }

  private func move(_ name: String) throws(SystemError) {
    let target = "\(place)/\(name)"
    try systemCall("write", target) { rename("\(folder)/\(name)", target) }
  }

  /// Removes the files, but not their names.
  private func empty() {
    for name in Folder.names(in: folder) where name != "names" { unlink("\(folder)/\(name)") }
  }

  private func remove() {
    empty()
    unlink("\(folder)/names")
    rmdir(folder)
  }
}
