import Foundation

/// Three latents: the cloud of codes, drawn from one side, and its data for the page, which turns it.
package struct Cloud {
  let codes: Codes
  /// The cube goes from −`extent` to `extent`; clouds that stand side by side share it, and a few
  /// codes lie outside.
  let extent: Double
  let labels: LabelKind
  package let title: String

  package init(codes: Codes, extent: Double, labels: LabelKind, title: String) {
    self.labels = labels
    self.codes = codes
    self.extent = extent
    self.title = title
  }

  static let size = 440.0
  /// Where the page starts too.
  static let yaw = 0.65
  static let pitch = 0.42

  /// Seen from that side, in parallel projection, near dots over far ones.
  package var drawing: Drawing {
    let scale = Self.size / (2 * extent) * 0.56
    let middle = Self.size / 2
    func place(_ x: Double, _ y: Double, _ z: Double) -> (x: Double, y: Double, depth: Double) {
      let (across, away) = (
        x * cos(Self.yaw) - y * sin(Self.yaw), x * sin(Self.yaw) + y * cos(Self.yaw)
      )
      return (
        middle + scale * across,
        middle - scale * (z * cos(Self.pitch) + away * sin(Self.pitch)),
        away * cos(Self.pitch) - z * sin(Self.pitch)
      )
    }
    var body = Markup()
    for (start, end) in Self.edges {
      let from = place(start[0] * extent, start[1] * extent, start[2] * extent)
      let to = place(end[0] * extent, end[1] * extent, end[2] * extent)
      body += "<path class=\"grid\" d=\"M\(from.x) \(from.y)L\(to.x) \(to.y)\"/>"
    }
    let dots = (0..<codes.count).map { image in
      (
        colour: DigitLabels.colour(of: Int(codes.labels[image])),
        at: place(codes.code(image, 0), codes.code(image, 1), codes.code(image, 2))
      )
    }.sorted { $0.at.depth > $1.at.depth }
    for dot in dots {
      body +=
        "<circle class=\"code d\(dot.colour)\" cx=\"\(dot.at.x)\" cy=\"\(dot.at.y)\" r=\"1.7\"/>"
    }
    body += DigitLabels.labels(
      codes.centres.map { digit, centre in
        let at = place(centre[0], centre[1], centre[2])
        return (digit, at.x, at.y)
      })
    body += DigitLabels.legend(x: 12, top: 24, of: codes.labels, labels)
    for (axis, name) in ["z₁", "z₂", "z₃"].enumerated() {
      var end = [-extent, -extent, -extent]
      end[axis] = extent * 1.14
      let at = place(end[0], end[1], end[2])
      body += "<text x=\"\(at.x)\" y=\"\(at.y + 4)\" text-anchor=\"middle\">\(name)</text>"
    }
    body += """
      <text class="soft" x="\(Self.size / 2)" y="\(Self.size - 6)" text-anchor="middle">cube from \
      \(Axis.label(-extent, decimals: 1)) to \(Axis.label(extent, decimals: 1)) standard deviations \
      of the prior</text>
      """
    return Drawing(width: Self.size, height: Self.size, title: title, body: body)
  }

  /// The classes that the legend lists.
  package var legend: [Int] { labels.legend(of: codes.labels) }

  /// Of each code three coordinates as quarters of `extent`, 16 bits little-endian, then its class.
  package var data: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(7 * codes.count)
    for image in 0..<codes.count {
      for latent in 0..<3 {
        let share = max(-1, min(1, codes.code(image, latent) / extent / 4))
        let word = UInt16(bitPattern: Int16((share * 32767).rounded()))
        bytes.append(UInt8(truncatingIfNeeded: word))
        bytes.append(UInt8(truncatingIfNeeded: word >> 8))
      }
      bytes.append(codes.labels[image])
    }
    return bytes
  }

  /// Half the side of a cube that holds 99 of 100 coordinates of all clouds.
  package static func extent(_ all: [Codes]) -> Double {
    let reaches = all.flatMap { $0.mu.map { Double(abs($0)) } }.filter(\.isFinite).sorted()
    guard !reaches.isEmpty else { return 1 }
    return max(1, (reaches[(reaches.count - 1) * 99 / 100] * 2).rounded(.up) / 2)
  }

  private static let edges: [([Double], [Double])] = {
    var edges: [([Double], [Double])] = []
    for axis in 0..<3 {
      for first in [-1.0, 1] {
        for second in [-1.0, 1] {
          var start = [first, first, first]
          start[(axis + 1) % 3] = first
          start[(axis + 2) % 3] = second
          var end = start
          start[axis] = -1
          end[axis] = 1
          edges.append((start, end))
        }
      }
    }
    return edges
  }()
}
