import Figures
import Study
import Sweep
import Tables
import VAE

/// Test images above what the shown run of every configuration makes of them.
struct ReconstructionSection {
  let contents: ReportContents
  let names: ConfigurationNames
  let gallery: Gallery

  func section() throws(FigureError) -> Section? {
    var sheet: ReconstructionSheet?
    var captions: [String] = []
    for configuration in contents.configurations.map(\.configuration) {
      guard let picture = gallery.picture(.reconstructions, of: configuration),
        let read = ReconstructionSheet.read(picture.arrays)
      else { continue }
      var own = sheet ?? ReconstructionSheet(originals: read.originals)
      // All runs of one store reconstruct the same images; another would mislead beside them.
      guard own.originals == read.originals else { continue }
      let loss = picture.run.loss?.shown(decimals: 2) ?? "–"
      own.append(
        ReconstructionSheet.Row(
          name: "\(names[configuration]) (\(picture.run.seedName), \(loss) nats)",
          images: read.reconstructions))
      captions.append("\(names[configuration]), \(picture.caption)")
      sheet = own
    }
    guard let sheet else { return nil }
    let classes =
      switch gallery.labels {
      case .digits: "digit"
      case .classes: "class, of ten classes at the most,"
      }
    var section = Section("reconstructions", "Reconstructions")
    section.paragraph(
      """
      The first two test images of each \(classes) in the first row, and below each its \
      reconstruction from the mean code (z = μ).
      """)
    let drawing = try sheet.drawing(
      title: "Test images and their reconstructions by \(sheet.rows.count.of("configuration"))")
    let links = [
      section.add(drawing, as: "reconstructions"),
      section.add(try PNG.encode(sheet.image), as: "reconstructions.png"),
    ]
    section.body += Page.figure(
      "<div class=\"scroll\">\(drawing.inline(narrowest: 640))</div>",
      caption:
        "Beside each row its run: of those that have this picture, the one with \(gallery.show.words).",
      links: links)
    var runs: Markup = "<ul>\n"
    for caption in captions { runs += "<li>\(caption)</li>\n" }
    section.body += Page.details("Which runs these are, with their keys", runs + "</ul>\n")
    return section
  }
}
