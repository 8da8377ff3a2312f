package import Sweep

extension PointFilter {
  /// Reads what a command names points by: `latent_dim=4`, `seed=0..9`, `optimizer=[adam, sgd]`, one text
  /// for each key; a value is written as in a sweep file.
  package init(parsing texts: [String]) throws(SweepFileError) {
    do throws(Fault) {
      var entries: [Entry] = []
      for text in texts {
        let entry = try Self.entry(text)
        guard !entries.contains(where: { $0.name == entry.name }) else {
          throw entry.fault("given twice: give it once, with a list of values")
        }
        entries.append(entry)
      }
      let known = Set(GridKey.allInOrder)
      let shapes = entries.filter { $0.name == GridKey.architecture.description }.map(\.node)
      let input = InputReader.input(as: shapes.lazy.compactMap(InputReader.architecture).first)
      let terms = try MatchReader.match(entries, under: "--where", known: known, input)
      self.init(texts: texts, match: GridMatch(terms.map(\.term)))
    } catch {
      throw error.error(in: "--where")
    }
  }

  private static func entry(_ text: String) throws(Fault) -> Entry {
    let place = Place(source: "--where \(text.quotable)", line: nil)
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
      throw Fault(place, "must be KEY=VALUE, as in latent_dim=4 or seed=0..9")
    }
    return Entry(
      name: String(sides[0]), place: place,
      node: try SweepOverride.value(String(sides[1]), at: place))
  }
}

extension PointFilter {
  /// The values that no point of a grid has, `latent_dim=77`, as far as its axes tell.
  package func unmatched(in grid: Grid) -> [String] {
    match.terms.compactMap { term in
      func isAbsent(_ values: GridAxis.Values) -> Bool {
        let term = GridMatch.Term(key: term.key, values: values)
        return grid.blocks.indices.allSatisfy { grid.standing(term, in: $0) == nil }
      }
      let absent: GridAxis.Values
      switch term.values {
      case .seeds: absent = term.values
      case .list(let values): absent = .list(values.filter { isAbsent(.list([$0])) })
      }
      guard absent != .list([]), isAbsent(absent) else { return nil }
      return "\(term.key)=\(absent.written)"
    }
  }
}
