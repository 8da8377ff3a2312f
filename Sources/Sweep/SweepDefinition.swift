/// What a user asked for: a named grid on a dataset.
package struct SweepDefinition: Hashable, Sendable {
  package let name: String
  /// As written in the file: `mnist`, `digits`, a folder.
  package let dataset: String
  package let grid: Grid

  package init(name: String, dataset: String, grid: Grid) {
    self.name = name
    self.dataset = dataset
    self.grid = grid
  }
}
