/// A file of the report.
package struct ReportFile: Hashable, Sendable {
  /// Of the file, without any folder: lower-case letters, digits, `.`, `-` and `_`.
  package let name: String
  package let bytes: [UInt8]
}
