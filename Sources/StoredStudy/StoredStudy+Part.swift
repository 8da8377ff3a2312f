import ResultStore
package import Study
package import Sweep
package import VAE

extension StoredStudy {
  /// The same of the points alone that a filter accepts.
  ///
  /// Claims are about all points: of a part they are not judged.
  package func only(_ filter: PointFilter) -> StoredStudy {
    var part = self
    part.filter = filter
    part.outcomes.removeAll { !filter.accepts($0.outcome.point) }
    part.failed.removeAll { !filter.accepts($0) }
    return part
  }

  /// What was decided about each configuration that it has.
  package var takenLooks: [(configuration: Configuration, looks: SequentialLooks)] {
    guard filter != nil else { return looks.looks }
    let own = Set(planned.map(\.configuration))
    return looks.looks.filter { own.contains($0.configuration) }
  }

  /// Points that the sweeps ask for now, each once, that a filter accepts and looks did not decide without.
  func askedPoints(_ filter: PointFilter) -> Set<Point> {
    var points: Set<Point> = []
    for grid in current {
      var lookup = GridLookup(grid)
      grid.positions(of: filter).visit { index in
        if let point = lookup.point(at: index), !looks.isUnneeded(point) { points.insert(point) }
      }
    }
    return points
  }
}
