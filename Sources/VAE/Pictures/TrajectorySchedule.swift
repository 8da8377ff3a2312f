/// The steps at which codes of training images are taken: see `PictureKind.trajectories`.
struct TrajectorySchedule {
  /// From step 0 to the end of epoch 5, and from the end of epoch 1 to the end of epoch 10; shorter in
  /// a run of fewer epochs.
  let digits: Span
  let cloud: Span

  /// Both ends, and the multiples of `interval` between them.
  struct Span {
    /// Where a span is longer than so many intervals of 100 steps, every second hundred serves, or
    /// every third, and so on: all of it must fit in an artifact.
    private static let mostIntervals = 200

    let first: Int
    let last: Int
    let interval: Int

    init(_ first: Int, _ last: Int) {
      self.first = first
      self.last = last
      let hundreds = (last - first + 99) / 100
      interval = 100 * max(1, (hundreds + Self.mostIntervals - 1) / Self.mostIntervals)
    }

    func holds(_ step: Int) -> Bool {
      step == first || step == last || (step > first && step < last && step % interval == 0)
    }

    /// The first of its steps behind `step`.
    func next(after step: Int) -> Int? {
      if step < first { return first }
      return step < last ? min((step / interval + 1) * interval, last) : nil
    }
  }

  init(epochs: Int, stepsPerEpoch: Int) {
    digits = Span(0, min(5, epochs) * stepsPerEpoch)
    cloud = Span(stepsPerEpoch, min(10, epochs) * stepsPerEpoch)
  }

  func next(after step: Int) -> Int? {
    [digits.next(after: step), cloud.next(after: step)].compactMap { $0 }.min()
  }
}

/// The training images whose codes are taken: the first six of each class, class by class.
struct TrajectoryImages {
  private static let perClass = 6

  /// Places in the training set, and the label of each.
  let indices: [Int32]
  let labels: [UInt8]
  /// Where in `indices` the first image of each class stands.
  let firsts: [Int]

  /// `labels` of the training images that are used; a class that is rare among them has fewer images.
  init(_ labels: UnsafeBufferPointer<UInt8>, count: Int) {
    let used = UnsafeBufferPointer(rebasing: labels.prefix(count))
    let found = PicturedClasses.of(used).map { label in
      used.indices.lazy.filter { used[$0] == label }.prefix(Self.perClass)
        .map { Int32(truncatingIfNeeded: $0) }
    }
    indices = found.flatMap { $0 }
    self.labels = indices.map { labels[Int($0)] }
    var firsts: [Int] = []
    var place = 0
    for images in found {
      if !images.isEmpty { firsts.append(place) }
      place += images.count
    }
    self.firsts = firsts
  }
}

/// The classes of which pictures show images: of a dataset with more than ten the first ten that occur.
enum PicturedClasses {
  static func of(_ labels: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var occurs = [Bool](repeating: false, count: 256)
    for label in labels { occurs[Int(label)] = true }
    return Array((UInt8.min...UInt8.max).lazy.filter { occurs[Int($0)] }.prefix(10))
  }
}
