import VAE

/// The order of the positions of several streams: in each round one seed of every configuration, of
/// the streams that have that many.
struct GridRounds: Sendable {
  /// Rounds with the same streams.
  private struct Stage: Sendable {
    let firstIndex: Int
    let firstRound: Int
    /// Positions of one round.
    let width: Int
    /// Of each stream, where its positions of a round begin; nil where it has no more.
    let offsets: [Int?]
  }

  /// One position of one stream.
  struct Place: Hashable, Sendable {
    var stream: Int
    /// Of the stream's configurations.
    var configuration: Int
    /// Of the stream's seeds.
    var seed: Int
  }

  let positions: Int
  private let stages: [Stage]

  init(_ streams: [GridStream]) throws(InvalidValue) {
    var stages: [Stage] = []
    var (index, round) = (0, 0)
    for end in Set(streams.map(\.seeds.count)).sorted() {
      var offsets: [Int?] = []
      var width = 0
      for stream in streams {
        offsets.append(stream.seeds.count >= end ? width : nil)
        if stream.seeds.count >= end { width = try GridSize.sum([width, stream.count]) }
      }
      stages.append(Stage(firstIndex: index, firstRound: round, width: width, offsets: offsets))
      index = try GridSize.sum([index, GridSize.product([end - round, width])])
      round = end
    }
    self.stages = stages
    positions = index
  }

  func place(at index: Int) -> Place {
    let stage = stages.last { $0.firstIndex <= index } ?? stages[0]
    let (round, offset) = (index - stage.firstIndex).quotientAndRemainder(dividingBy: stage.width)
    let stream = stage.offsets.lastIndex { $0.map { $0 <= offset } ?? false } ?? 0
    return Place(
      stream: stream, configuration: offset - (stage.offsets[stream] ?? 0),
      seed: stage.firstRound + round)
  }

  func index(of place: Place) -> Int {
    let stage = stages.last { $0.firstRound <= place.seed } ?? stages[0]
    return stage.firstIndex + (place.seed - stage.firstRound) * stage.width
      + (stage.offsets[place.stream] ?? 0) + place.configuration
  }
}
