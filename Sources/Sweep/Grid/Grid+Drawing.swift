package import VAE

extension Grid {
  /// Of one drawn point, positions that are tried before the next is chosen among those that no
  /// exclusion holds.
  private static let tries = 16
  /// Points that are chosen so at most: each takes time in the number of exclusions.
  private static let mostChosen = 1000

  /// The configurations of `count` points drawn at random with replacement, each point as likely as any
  /// other; the same ones at every call.
  ///
  /// Where exclusions leave so little that points must be searched for, there are fewer.
  package func forEachDrawnPoint(_ count: Int, _ body: (Configuration) -> Void) {
    var numbers = ScatteredNumbers()
    var parts: [DrawnPart]?
    var chosen = 0
    for _ in 0..<count {
      var point: Point?
      for _ in 0..<Self.tries where point == nil {
        point = self.point(at: numbers.next(below: positions))
      }
      if point == nil, chosen < Self.mostChosen {
        chosen += 1
        let known = parts ?? drawnParts()
        parts = known
        // A point that stands at several positions counts at the first of them only.
        for _ in 0..<Self.tries where point == nil {
          point = choose(from: known, &numbers)
        }
      }
      if let point { body(point.configuration) }
    }
  }

  /// A part of a grid with what exclusions leave of it.
  private struct DrawnPart {
    let stream: Int
    /// Before its first configuration, in its stream.
    let start: Int
    let part: GridPart
    let counts: BoxCount
    let left: Int
  }

  private func drawnParts() -> [DrawnPart] {
    var parts: [DrawnPart] = []
    for (number, stream) in streams.enumerated() {
      var start = 0
      for part in stream.parts {
        let counts = BoxCount(
          part.factors.map(\.rows.count) + stream.seeds.counts, outside: part.excluded)
        parts.append(
          DrawnPart(stream: number, start: start, part: part, counts: counts, left: counts.left))
        start += part.count
      }
    }
    return parts
  }

  /// The point at a position that no exclusion holds; nil where it stands at an earlier one too.
  private func choose(from parts: [DrawnPart], _ numbers: inout ScatteredNumbers) -> Point? {
    var number = numbers.next(below: parts.reduce(0) { $0 + $1.left })
    for own in parts {
      guard number >= own.left else {
        let places = own.counts.places(of: number)
        let (factors, columns) = (own.part.factors, streams[own.stream].seeds.counts)
        func index(_ places: some Sequence<Int>, _ counts: [Int]) -> Int {
          zip(places, counts).reduce(0) { $0 * $1.1 + $1.0 }
        }
        let place = GridRounds.Place(
          stream: own.stream,
          configuration: own.start + index(places, factors.map(\.rows.count)),
          seed: index(places.dropFirst(factors.count), columns))
        return point(at: rounds.index(of: place))
      }
      number -= own.left
    }
    return nil
  }
}
