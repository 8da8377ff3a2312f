import Sweep
import Tables

/// What `status --watch` shows of a sweep at one moment: lines that fit a terminal.
package struct WatchPage: Hashable, Sendable {
  package let lines: [String]

  /// Rows of a list where there is no height to keep to.
  private static let mostRows = 40

  /// - Parameters:
  ///   - width: Cells of a line; below 40 it is taken for 40.
  ///   - height: Lines; nil where they scroll.
  package init(_ view: SweepView, width: Int, height: Int? = nil) {
    let width = max(40, width)
    let head = Self.head(view, width)
    let all = [
      WorkerSection(view, width: width).section, Self.failures(view),
      SummarySection(view, width: width).section,
    ]
    let sections = all.filter { !$0.rows.isEmpty }
    // A blank line, the headings and the line that tells of the rest stand around the rows of each.
    let around = sections.reduce(0) { $0 + 2 + $1.headings.count }
    let room = height.map { max(0, $0 - head.count - around) }
    let rows = Self.allot(
      room ?? .max, among: sections.map { min($0.rows.count, Self.mostRows) })
    var lines = head
    for (section, count) in zip(sections, rows) { lines += section.lines(count) }
    if let height { lines = Array(lines.prefix(max(1, height))) }
    self.lines = lines.map { $0.withoutControls.cut(toWidth: width) }
  }

  /// Shares out lines: nobody gets more than wanted, and who wants little takes nothing from others.
  static func allot(_ room: Int, among wanted: [Int]) -> [Int] {
    var given = wanted.map { _ in 0 }
    var left = room
    while left > 0,
      let next = given.indices.filter({ given[$0] < wanted[$0] })
        .min(by: { given[$0] < given[$1] })
    {
      given[next] += 1
      left -= 1
    }
    return given
  }

  private static func head(_ view: SweepView, _ width: Int) -> [String] {
    var lines = ["sweep \(view.sweep), \(view.origin)", bar(view, width), counts(view)]
    let speed = speed(view)
    if !speed.isEmpty { lines.append(speed) }
    return lines + view.alerts.flatMap { "ATTENTION: \($0)".wrapped(to: width) }
  }

  /// `[#####.....]  50 %  20 of 40 points`, as wide as the line.
  private static func bar(_ view: SweepView, _ width: Int) -> String {
    let counts = view.counts
    // What is not complete is never told to be.
    let percent = Int(100 * counts.fraction)
    let text = "  \(percent) %  \(counts.settled) of \(counts.points.of("point"))"
    let size = max(10, min(60, width - text.displayWidth - 2))
    let filled = Int(counts.fraction * Double(size))
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: size - filled) + "]" + text
  }

  /// Every count that is not nought.
  private static func counts(_ view: SweepView) -> String {
    let counts = view.counts
    let told = [
      (counts.ok, "ok"), (counts.diverged, "diverged"), (counts.failed, "failed"),
      (counts.cancelled, "cancelled"), (counts.running, "running"), (counts.waiting, "waiting"),
      (view.lackingArtifacts, "without their pictures or measures"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let all = told + (view.faults > 0 ? [view.faults.of("fault")] : [])
    return all.isEmpty ? "nothing yet" : all.joined(separator: ", ")
  }

  private static func speed(_ view: SweepView) -> String {
    if view.isComplete { return "complete" }
    var parts: [String] = []
    if view.isPaused { parts.append("paused") }
    if let rate = view.pointsPerHour { parts.append("\(Int(rate.rounded()).grouped) points/h") }
    if let images = view.imagesPerSecond {
      parts.append("\(Int(images.rounded()).grouped) images/s")
    }
    if let left = view.secondsLeft {
      let words = left.secondsInWords
      parts.append((words.contains(" to ") ? "" : "about ") + words + " left")
    }
    return parts.joined(separator: ", ")
  }

  private static func failures(_ view: SweepView) -> Section {
    let more = max(0, view.counts.failed - view.failures.count)
    return Section(
      headings: ["failed"], rows: view.failures.map { "\($0.name): \($0.reason)" }, more: more,
      noun: "failed point")
  }
}

extension WatchPage {
  /// A list under its headings.
  struct Section {
    let headings: [String]
    let rows: [String]
    /// Rows that the view itself leaves out.
    var more = 0
    let noun: String

    /// The first rows, with a line that tells how many there are beyond.
    func lines(_ count: Int) -> [String] {
      let hidden = rows.count - count + more
      return [""] + headings + rows.prefix(count)
        + (hidden > 0 ? ["and \(hidden) more \(noun)\(hidden == 1 ? "" : "s")"] : [])
    }
  }
}

extension Int {
  /// `113,995`.
  var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + text
  }
}

extension String {
  /// In lines of at most `width` cells, broken between words where that is possible.
  func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ").map(String.init) {
      let longer = line.isEmpty ? word : "\(line) \(word)"
      if longer.displayWidth <= width || line.isEmpty {
        line = longer
      } else {
        lines.append(line)
        line = "  " + word
      }
    }
    return lines + [line]
  }
}
