import Figures
import Study
import Sweep
import Tables
import VAE

/// Learning curves of every configuration; those whose losses compare share their axes.
struct CurveSection {
  let contents: ReportContents
  let names: ConfigurationNames

  var section: Section? {
    var section = Section("curves", "Learning curves")
    section.paragraph(
      """
      Test loss after each epoch: one faint line per seed, the band from the 10 % to the 90 % \
      quantile of the seeds, the median as the strong line with its last value; a single epoch has points \
      instead. The axis reaches to the highest band of the configurations that share it; a line that \
      leaves the picture is cut off there, under a small triangle, and counted in the caption.
      """)
    var isEmpty = true
    for group in groups {
      let curves = group.map { configuration in
        contents.completed(configuration).map(\.curve).filter { !$0.isEmpty }
      }
      let all = curves.flatMap(\.self)
      guard !all.isEmpty else { continue }
      isEmpty = false
      let (x, y) = (Axis.epochs(all.map(\.count).max() ?? 1), LearningCurves.axis(curves))
      section.body += "<div class=\"multiples\">\n"
      for (configuration, own) in zip(group, curves) where !own.isEmpty {
        let name = names[configuration]
        let chart = LearningCurves(
          curves: own, x: x, y: y, title: "Learning curves of \(name), \(own.count.of("run"))")
        let drawing = chart.drawing
        let link = section.add(drawing, as: "learning-\(names.file(configuration))")
        section.body += Page.figure(
          drawing.inline(), caption: "<b>\(name)</b>, \(note(configuration, chart)).",
          links: [link], name: name)
      }
      section.body += "</div>\n"
    }
    return isEmpty ? nil : section
  }

  private func note(_ configuration: Configuration, _ chart: LearningCurves) -> String {
    let count = chart.curves.count
    let counts = contents.configurations.first { $0.configuration == configuration }?.counts
    let every = (count + LearningCurves.maxLines - 1) / LearningCurves.maxLines
    return (counts?.words ?? count.of("run"))
      + (every > 1 ? "; one line in \(every) is drawn, the band is of all" : "") + beyond(chart)
  }

  /// Tells of lines that leave the picture, drawn or not.
  private func beyond(_ chart: LearningCurves) -> String {
    guard chart.leaving > 0, let largest = chart.largest else { return "" }
    let runs = chart.leaving == 1 ? "run leaves" : "runs leave"
    return
      "; \(chart.leaving) \(runs) the picture above, at up to \(largest.shown(decimals: 1)) nats"
  }

  /// Configurations whose totals mean the same.
  private var groups: [[Configuration]] {
    var groups: [[Configuration]] = []
    for configuration in contents.configurations.map(\.configuration) {
      let place = groups.firstIndex { group in
        guard let first = group.first else { return false }
        return first.sampling == configuration.sampling && first.loss == configuration.loss
          && first.klWeight == configuration.klWeight
          && first.binarization == configuration.binarization
      }
      if let place { groups[place].append(configuration) } else { groups.append([configuration]) }
    }
    return groups
  }
}
