import Figures
import Study
import Sweep
import Tables
import VAE

/// How much is architecture and how much is luck: the answer in words and the figures that show it.
struct LuckSection {
  private let found: LuckAnswer
  private let leftOut: [String]
  private let names: ConfigurationNames

  init(_ found: LuckAnswer, names: ConfigurationNames) {
    self.found = found
    leftOut = LuckReport(found, names: names.naming).leftOut
    self.names = names
  }

  /// More of them fold away.
  private static let maxReasons = 4

  /// Nil where there are no runs at all; why where no two configurations are comparable.
  var section: Section? {
    guard !found.luck.isEmpty || !found.alone.isEmpty || !leftOut.isEmpty else { return nil }
    var section = Section("luck", "Architecture or luck")
    if found.luck.isEmpty, found.alone.isEmpty {
      section.paragraph(
        """
        How much is architecture and how much luck takes two configurations that can be compared, and \
        how much luck there is takes one, with \(ComparableSet.fewestRuns) runs each.
        """)
    }
    for (place, own) in found.luck.enumerated() {
      add(own, to: &section, suffix: found.luck.count > 1 ? "-\(place + 1)" : "")
    }
    for (place, own) in found.alone.enumerated() {
      add(own, to: &section, suffix: found.alone.count > 1 ? "-\(place + 1)" : "")
    }
    if leftOut.count > Self.maxReasons {
      var reasons: Markup = "<ul>\n"
      for reason in leftOut { reasons += "<li>\(reason)</li>\n" }
      section.body += Page.details(
        "\(found.left.count) configurations are left out", reasons + "</ul>\n")
    } else {
      for reason in leftOut { section.paragraph("\(reason)") }
    }
    return section
  }

  private func add(_ own: Luck, to section: inout Section, suffix: String) {
    let sentences = LuckSentences(own, names: names.naming)
    let tables = LuckTables(own, names: names.naming)
    // A set by itself needs no heading, but where its values are no runs.
    if found.luck.count > 1 || !found.alone.isEmpty || own.set.unit != .run {
      section.body += "<h3>\(sentences.about)</h3>\n"
    }
    // Where one run always shows the best there is room for what comes next.
    let answer = Array(sentences.all.prefix(max(3, sentences.answer.count)))
    section.paragraph("<b>\(answer[0])</b> \(answer.dropFirst().joined(separator: " "))")
    let few = own.set.members.filter { $0.sample.count < Sample.fewestForInterval }
    if !few.isEmpty {
      let told = few.map { "\(names[$0.configuration]) (n = \($0.sample.count))" }
      section.paragraph(
        """
        Fewer than \(Sample.fewestForInterval) \(own.set.unit.many), of which little can be said: \
        \(told.joined(separator: "; ")).
        """)
    }
    for figure in LuckFigures(own, names: names.naming).all {
      add(figure.drawing, to: &section, as: figure.file + suffix)
    }
    section.body += list(sentences.all.dropFirst(answer.count))
    section.body += Page.details(
      "The same in figures",
      Page.table(tables.risk) + Page.table(tables.beats) + Page.table(tables.best))
  }

  /// A configuration that no other can be held against.
  private func add(_ own: LoneLuck, to section: inout Section, suffix: String) {
    let sentences = LoneLuckSentences(own, names: names.naming)
    if !found.luck.isEmpty || found.alone.count > 1 {
      section.body += "<h3>\(sentences.about)</h3>\n"
    }
    let answer = sentences.answer
    section.paragraph("<b>\(answer[0])</b> \(answer.dropFirst().joined(separator: " "))")
    add(
      LoneLuckFigure(own, name: names[own.runs.configuration]).drawing, to: &section,
      as: "luck-alone" + suffix)
    section.body += list(sentences.all.dropFirst(answer.count))
  }

  private func add(_ drawing: Drawing, to section: inout Section, as file: String) {
    let link = section.add(drawing, as: file)
    section.body += Page.figure(
      "<div class=\"scroll\">\(drawing.inline(narrowest: 560))</div>",
      caption: "\(drawing.title)", links: [link])
  }

  private func list(_ sentences: ArraySlice<String>) -> Markup {
    guard !sentences.isEmpty else { return "" }
    return sentences.reduce("<ul>\n") { $0 + "<li>\($1)</li>\n" } + "</ul>\n"
  }
}
