extension Grid {
  /// The values of a term that some point of a block's axes, zips and whens has, in the term's order;
  /// nil where none does.
  package func standing(_ term: GridMatch.Term, in block: Int) -> GridAxis.Values? {
    let main = streams[mainStreams[block]]
    if term.key.isSeed {
      let wanted = SeedColumn(GridAxis(key: term.key, values: term.values), keys: [])
      var found = IntervalSet()
      for column in main.flatMap(\.seeds.columns) where column.axis.key == term.key {
        found = found.union(column.seeds().intersection(wanted.seeds()))
      }
      if found == wanted.seeds() { return term.values }
      guard let first = found.ranges.first else { return nil }
      if found.ranges.count == 1 {
        return .seeds(UInt32(first.lowerBound)...UInt32(first.upperBound - 1))
      }
      return .list(found.ranges.flatMap { $0.map { .seed(UInt32($0)) } })
    }
    guard case .list(let values) = term.values else { return nil }
    let matchers = main.flatMap { stream in
      stream.parts.map { GridMatcher(factors: $0.factors, seeds: [], defaults: defaults) }
    }
    let found = values.filter { value in
      matchers.contains { !$0.boxes(of: GridMatch([term.key: value])).isEmpty }
    }
    return found.isEmpty ? nil : .list(found)
  }

  /// Whether some part of the grid, its includes among them, has the value of a term before its
  /// exclusions.
  package func hasPoint(with term: GridMatch.Term) -> Bool {
    streams.contains { stream in
      stream.parts.contains { part in
        let matcher = GridMatcher(factors: part.factors, seeds: [], defaults: defaults)
        return !matcher.boxes(of: GridMatch([term])).isEmpty
      }
    }
  }
}
