/// Why a figure could not be made: libpng or giflib refused it.
package struct FigureError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
