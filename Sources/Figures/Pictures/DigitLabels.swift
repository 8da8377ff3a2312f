/// What the labels of a dataset stand for.
package enum LabelKind: Hashable, Sendable {
  /// The ten digits, of which a picture may lack some.
  case digits
  /// Classes of any number.
  case classes

  /// Of one label.
  package var word: String {
    switch self {
    case .digits: "digit"
    case .classes: "class"
    }
  }

  /// Those that a legend lists: the ten digits, or as many of the classes among `labels` as fit.
  func legend(of labels: [UInt8]) -> [Int] {
    switch self {
    case .digits: Array(0...9)
    case .classes: Array(DigitLabels.classes(of: labels).prefix(Self.maxInLegend))
    }
  }

  private static let maxInLegend = 18

  /// What a legend needs beside one whose labels have a single digit.
  func legendExcess(of labels: [UInt8]) -> Double {
    8 * Double((legend(of: labels).max() ?? 0).description.count - 1)
  }
}

/// The classes in a picture: a column of colours, and labels that keep apart.
enum DigitLabels {
  /// Colours with their classes, one below the other.
  ///
  /// As many as fit; the labels in the picture name every class.
  static func legend(x: Double, top: Double, of labels: [UInt8], _ kind: LabelKind) -> Markup {
    var marks = Markup()
    for (place, label) in kind.legend(of: labels).enumerated() {
      let middle = top + 20 * Double(place)
      marks += """
        <circle class="d\(colour(of: label))" cx="\(x)" cy="\(middle)" r="5"/>\
        <text x="\(x + 9)" y="\(middle + 4)">\(label)</text>
        """
    }
    return marks
  }

  /// The classes that occur, in order.
  static func classes(of labels: [UInt8]) -> [Int] { Set(labels).sorted().map(Int.init) }

  /// Which of the ten colours a class has: beyond ten they come again.
  static func colour(of label: Int) -> Int { label % 10 }

  /// The labels at `places`, moved no further than it takes to read each of them.
  static func labels(_ places: [(digit: Int, x: Double, y: Double)]) -> Markup {
    var marks = Markup()
    for label in apart(places) {
      marks += """
        <text class="halo" font-size="17" x="\(label.x)" y="\(label.y + 6)" \
        text-anchor="middle">\(label.digit)</text>
        """
    }
    return marks
  }

  private static let least = 16.0

  /// Pairs that are too close push each other away, a little at a time.
  private static func apart(
    _ places: [(digit: Int, x: Double, y: Double)]
  ) -> [(digit: Int, x: Double, y: Double)] {
    var places = places
    for _ in 0..<60 {
      var isDone = true
      for first in places.indices {
        for second in places.indices where second > first {
          let (dx, dy) = (
            places[second].x - places[first].x, places[second].y - places[first].y
          )
          let distance = (dx * dx + dy * dy).squareRoot()
          guard distance < least else { continue }
          isDone = false
          // Labels on one spot part along the diagonal.
          let (ux, uy) = distance > 0.01 ? (dx / distance, dy / distance) : (0.8, 0.6)
          let push = (least - distance) / 2
          places[first].x -= ux * push
          places[first].y -= uy * push
          places[second].x += ux * push
          places[second].y += uy * push
        }
      }
      if isDone { break }
    }
    return places
  }
}
