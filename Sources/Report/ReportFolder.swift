import Figures
import Foundation

/// The folder that a report is written to.
///
/// Every file appears whole or not at all. What this program did not make is never overwritten; what
/// an earlier report left behind and this one no longer has is removed.
package struct ReportFolder {
  /// The page's file.
  static let page = "index.html"

  package let path: String

  /// Takes a folder that is there, or one that `write` will make.
  package init(_ path: String) throws(ReportError) {
    var isFolder: ObjCBool = false
    guard
      !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || isFolder.boolValue
    else { throw ReportError("\(path) is a file; a report is a folder: name another") }
    self.path = path
    try requireWritable()
  }

  /// Long work may lie between the question and the answer: makes the folder, and takes it back.
  private func requireWritable() throws(ReportError) {
    var missing: [String] = []
    var place = URL(filePath: path).standardizedFileURL
    while place.path != "/", !FileManager.default.fileExists(atPath: place.path) {
      missing.append(place.path)
      place.deleteLastPathComponent()
    }
    try make()
    guard access(path, W_OK | X_OK) == 0 else {
      throw ReportError("\(path) may not be written to; name another folder")
    }
    for folder in missing { rmdir(folder) }
  }

  private func make() throws(ReportError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ReportError(
        "cannot make the folder \(path): \(Self.reason(error)); name another")
    }
  }

  /// Writes `files`, the page last: whoever opens it finds what it links to.
  ///
  /// Creates the folder, with those above it, where there is none.
  package func write(_ files: [ReportFile]) throws(ReportError) {
    try make()
    let earlier = try earlierFiles()
    for file in files where !earlier.contains(file.name) && exists(file.name) {
      throw ReportError(
        "\(path)/\(file.name) was not made by vaesweep report; choose another folder with --out")
    }
    for file in files.filter({ $0.name != Self.page }) + files.filter({ $0.name == Self.page }) {
      do {
        try Data(file.bytes).write(to: URL(filePath: "\(path)/\(file.name)"), options: .atomic)
      } catch {
        throw ReportError("cannot write \(path)/\(file.name): \(Self.reason(error))")
      }
    }
    for name in earlier.subtracting(files.map(\.name)) {
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(name)")
  }

  /// The files of the report that is there; none where there is no report.
  private func earlierFiles() throws(ReportError) -> Set<String> {
    guard exists(Self.page) else { return [] }
    guard let bytes = try? Data(contentsOf: URL(filePath: "\(path)/\(Self.page)")) else {
      throw ReportError("cannot read \(path)/\(Self.page)")
    }
    return Set(Self.list(in: String(decoding: bytes.prefix(1 << 20), as: UTF8.self)) ?? [])
  }

  /// The line of the page's head that names the report's files.
  static func listing(_ names: [String]) -> Markup {
    "<meta name=\"vaesweep-files\" content=\"\(names.sorted().joined(separator: " "))\">"
  }

  /// The files that a page made by this program names; nil where it is no such page.
  static func list(in page: String) -> [String]? {
    guard let match = page.firstMatch(of: /<meta name="vaesweep-files" content="([a-z0-9._ -]*)">/)
    else { return nil }
    let names = match.1.split(separator: " ").map(String.init)
    // Nothing outside the folder, and nothing but pictures and the page.
    return names.filter { $0.wholeMatch(of: /[a-z0-9][a-z0-9._-]*\.(svg|png|gif|html)/) != nil }
  }

  private static func reason(_ error: any Error) -> String {
    if let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError,
      underlying.domain == NSPOSIXErrorDomain
    {
      return String(cString: strerror(Int32(underlying.code)))
    }
    if let code = (error as? CocoaError)?.code {
      switch code {
      case .fileWriteNoPermission: return "permission denied"
      case .fileWriteVolumeReadOnly: return "read-only file system"
      case .fileWriteOutOfSpace: return "no space left on the device"
      case .fileNoSuchFile, .fileWriteUnknown: return "there cannot be a folder there"
      default: break
      }
    }
    return "\((error as NSError).localizedDescription)"
  }
}
