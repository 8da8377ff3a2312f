import Figures
import Study
import Sweep
import Tables
import VAE

/// Circles that move while a net is trained, to be played in the page, and as animations.
struct TrajectorySection {
  let contents: ReportContents
  let names: ConfigurationNames
  let gallery: Gallery

  func section() throws(FigureError) -> Section? {
    var section = Section("trajectories", "Trajectories")
    section.paragraph(
      """
      Codes of training images while the net is trained, a snapshot every 100 steps. The radius of a \
      circle is the geometric mean of the image’s two standard deviations (r² = √(σ₁²σ₂²)), in the \
      units of the axes: it starts near 1, as the prior has it, and shrinks as codes become sharp. \
      Between snapshots circles move in straight lines.
      """)
    var isEmpty = true
    for family in Family.families(contents.configurations.map(\.configuration)) {
      for kind in Trajectory.Kind.allCases {
        let found = family.configurations.compactMap { configuration in
          gallery.picture(.trajectories, of: configuration).flatMap { picture in
            Trajectory(
              picture.arrays, kind, labels: gallery.labels, epochs: configuration.epochs
            ).map { (picture, $0) }
          }
        }
        guard !found.isEmpty else { continue }
        isEmpty = false
        section.body += "<h3>\(title(kind))</h3>\n<div class=\"modes\">\n"
        let extent = TrajectoryPlot.extent(found.map(\.1))
        for (picture, trajectory) in found {
          section.body += try player(picture, trajectory, extent, in: &section)
        }
        section.body += "</div>\n"
      }
    }
    return isEmpty ? nil : section
  }

  private func title(_ kind: Trajectory.Kind) -> String {
    switch (kind, gallery.labels) {
    case (.digits, .digits):
      "Ten training images, one of each digit, from step 0 to epoch 5 or the end"
    case (.digits, .classes):
      "A training image of each class, ten at the most, from step 0 to epoch 5 or the end"
    case (.cloud, .digits):
      "Six training images of each digit, from the end of epoch 1 to epoch 10 or the end"
    case (.cloud, .classes):
      "Six training images of each class, ten classes at the most, from the end of epoch 1 to "
        + "epoch 10 or the end"
    }
  }

  private func player(
    _ picture: ShownPicture, _ trajectory: Trajectory, _ extent: Double, in section: inout Section
  ) throws(FigureError) -> Markup {
    let name = names[picture.configuration]
    let file = "trajectories-\(trajectory.kind.rawValue)-\(names.file(picture.configuration))"
    let plot = TrajectoryPlot(
      trajectory: trajectory, extent: extent, title: "\(trajectory.title), \(name)")
    let drawing = plot.drawing
    let links = [
      section.add(drawing, as: file), section.add(try plot.animation(), as: "\(file).gif"),
    ]
    let last = trajectory.steps.count - 1
    let content: Markup = """
      <div class="player" data-player="\(plot.data.compact)">\(drawing.inline())\
      <div class="controls" hidden><button type="button" aria-label="play">▶</button>\
      <input type="range" min="0" max="\(last)" value="\(last)" step="1" aria-label="snapshot">\
      <output>\(trajectory.words(last))</output></div></div>
      """
    return Page.figure(
      content, caption: "<b>\(name)</b>, \(picture.caption).", links: links)
  }
}
