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
    part.askedInPart = asked(filter)
    part.cancelled = cancelledPoints.count(of: filter)
    return part
  }

  /// What was decided about each configuration that it has; nothing of a part of the seeds, as looks are
  /// about all of them.
  package var takenLooks: [(configuration: Configuration, looks: SequentialLooks)] {
    guard let filter else { return looks.looks }
    guard !filter.namesSeeds else { return [] }
    let own = Set(planned.map(\.configuration))
    return looks.looks.filter { own.contains($0.configuration) }
  }

  var looksByConfiguration: [Configuration: SequentialLooks] {
    filter?.namesSeeds == true ? [:] : looks.byConfiguration
  }

  /// How many points of each configuration the sweeps ask for now that a filter accepts, without what looks
  /// decided without; by sets of positions, whatever the size of a grid.
  private func asked(_ filter: PointFilter) -> [Configuration: Int] {
    var counts: [Configuration: Int] = [:]
    for (number, grid) in current.enumerated() {
      var positions = grid.positions(of: filter)
      // What an earlier grid asks for counts there.
      for earlier in current[..<number] {
        positions = positions.intersection(grid.positions(missingIn: earlier))
      }
      counts.merge(grid.countByConfiguration(positions)) { $0 + $1 }
    }
    for (configuration, seeds) in looks.unneeded {
      let beyond = seeds.count { seed in
        let point = Point(configuration: configuration, seeds: Seeds(seed))
        return filter.accepts(point) && current.contains { $0.index(of: point) != nil }
      }
      counts[configuration].map { counts[configuration] = $0 - beyond }
    }
    return counts
  }
}

extension PointFilter {
  /// Whether it takes some seeds of a configuration and not others.
  fileprivate var namesSeeds: Bool { match.terms.contains { $0.key.isSeed } }
}
