import Figures

/// Why a report could not be made.
package struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
  init(_ error: FigureError) { description = error.description }
}
