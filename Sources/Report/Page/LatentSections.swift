import Figures
import Foundation
import Study
import Sweep
import Tables
import VAE

/// The pictures of the latent space, a section for each number of latents.
struct LatentSections {
  let contents: ReportContents
  let names: ConfigurationNames
  let gallery: Gallery

  func sections() throws(FigureError) -> [Section] {
    let families = Family.families(contents.configurations.map(\.configuration))
    var sections: [Section] = []
    for latentDim in Set(families.map(\.latentDim)).sorted() {
      let own = families.filter { $0.latentDim == latentDim }
      var section = Section("latents-\(latentDim)", Self.title(latentDim))
      section.paragraph(words(latentDim, own))
      var isEmpty = true
      for family in own {
        let drawn = try draw(family, in: &section)
        if drawn { isEmpty = false }
      }
      if !isEmpty { sections.append(section) }
    }
    return sections
  }

  private static func title(_ latentDim: Int) -> String {
    let words = [
      1: "One latent", 2: "Two latents", 3: "Three latents", 4: "Four latents", 8: "Eight latents",
      16: "Sixteen latents",
    ]
    return words[latentDim] ?? latentDim.of("latent")
  }

  private func words(_ latentDim: Int, _ families: [Family]) -> Markup {
    let label = gallery.labels.word
    switch latentDim {
    case 2:
      let side = gridSide(families)
      return """
        With dots, where the encoder puts the test images (the mean code μ), coloured by \(label): with \
        sampling the area of a dot is proportional to √(σ₁²σ₂²), without it all dots are alike; the \
        plots share their axes and the scale of their dots. Beside each, what the decoder makes of the \
        \(side) × \(side) grid of codes at Φ⁻¹((i − ½)/\(side)).
        """
    case 3:
      return """
        The mean codes of the test images, coloured by \(label): drag a cloud to turn it (or use the arrow \
        keys; + and − zoom, 0 goes back); clouds side by side turn together and share their scale. Below \
        each, 5 × 5 × 5 decoded codes at Φ⁻¹((i − ½)/5) as five slices of 25, one for each value of z₃.
        """
    case 4:
      return """
        81 decoded codes, each latent at Φ⁻¹((i − ½)/3), i = 1, 2, 3: z₁ and z₂ within a block, z₃ \
        and z₄ from block to block. A latent that has collapsed changes nothing along its direction.
        """
    default:
      return """
        100 decoded draws from the standard normal, the same draws for all runs with as many latents.
        """
    }
  }

  /// Codes along a side of the grids that stand beside plots of two latents; large images have fewer.
  private func gridSide(_ families: [Family]) -> Int {
    for configuration in families.flatMap(\.configurations) {
      guard let picture = gallery.picture(.samples, of: configuration),
        let images = picture.arrays.images("images")
      else { continue }
      return Int(Double(images.count).squareRoot().rounded())
    }
    return 15
  }

  /// False where the family has no picture.
  private func draw(_ family: Family, in section: inout Section) throws(FigureError) -> Bool {
    let dimension = family.latentDim
    var shown: [Configuration: (codes: Codes?, picture: ShownPicture?)] = [:]
    for configuration in family.configurations {
      let picture = gallery.picture(.codes, of: configuration)
      shown[configuration] = (
        picture.flatMap { Codes($0.arrays, latentDim: dimension) }, picture
      )
    }
    let scale = CodesScale(shown.values.compactMap(\.codes).filter { _ in dimension < 4 })
    let extent = Cloud.extent(dimension == 3 ? shown.values.compactMap(\.codes) : [])
    func column(_ configuration: Configuration) throws(FigureError) -> Markup {
      var pictures = Markup()
      let runs = [
        shown[configuration]?.codes == nil ? nil : shown[configuration]?.picture,
        gallery.picture(.samples, of: configuration),
      ].compactMap { $0.map(told) }
      // Of one run both are told once, above them.
      let isOneRun = Set(runs).count == 1
      if let own = shown[configuration], let codes = own.codes, let picture = own.picture {
        pictures += codesFigure(
          codes, picture, isOneRun ? "" : told(picture), scale, extent, dimension, in: &section)
      }
      if let samples = try samplesFigure(
        configuration, dimension, isNamed: !isOneRun, in: &section)
      {
        pictures += samples
      }
      guard !pictures.isEmpty else { return pictures }
      let run: Markup = isOneRun ? "<p class=\"soft\">Shown: \(runs[0]).</p>\n" : ""
      let mode = configuration.mode
      let words = dimension <= 3 ? mode : "\(configuration.architecture), \(mode)"
      return """
        <div class="mode"><h4>\(words)</h4><p class="soft">\(standing(configuration))</p>
        \(run)<div class="pictures">\(pictures)</div></div>

        """
    }
    var isDrawn = false
    for row in Self.rows(of: family) {
      var columns = Markup()
      for configuration in row.configurations { columns += try column(configuration) }
      guard !columns.isEmpty else { continue }
      isDrawn = true
      if !row.title.isEmpty { section.body += "<h3>\(row.title)</h3>\n" }
      section.body += "<div class=\"modes\">\(columns)</div>\n"
    }
    return isDrawn
  }

  /// What stands side by side: with two and three latents the modes of each architecture, with more
  /// the architectures in each mode.
  private static func rows(of family: Family) -> [(title: String, configurations: [Configuration])]
  {
    guard family.latentDim > 3 else {
      return family.architectures.map { ("\($0.architecture)\(suffix(family))", $0.modes) }
    }
    let all = family.architectures.flatMap(\.modes)
    return [all.filter(\.sampling), all.filter { !$0.sampling }].map { (family.name, $0) }
  }

  private static func suffix(_ family: Family) -> String {
    family.name.isEmpty ? "" : ", \(family.name)"
  }

  /// What became of the configuration's runs, and how many latents collapsed in them.
  private func standing(_ configuration: Configuration) -> String {
    guard let runs = contents.configurations.first(where: { $0.configuration == configuration })
    else { return "" }
    var words = runs.counts.words
    if let counts = runs.collapsed(threshold: contents.collapseThreshold) {
      let summary = CollapseSummary(counts: counts)
      if let mean = summary.mean {
        let bars = summary.bars.map { "\($0.collapsed) in \($0.runs)" }.joined(separator: ", ")
        words += "; collapsed latents \(mean.shown(decimals: 2)) on average (\(bars))"
      }
    }
    return words
  }

  private func codesFigure(
    _ codes: Codes, _ picture: ShownPicture, _ run: String, _ scale: CodesScale, _ extent: Double,
    _ dimension: Int,
    in section: inout Section
  ) -> Markup {
    let configuration = picture.configuration
    let name = names[configuration]
    let file = names.file(configuration)
    let caption: Markup = "Codes of \(codes.count) test images\(run.isEmpty ? "" : "; \(run)")."
    if dimension == 3 {
      let cloud = Cloud(
        codes: codes, extent: extent, labels: gallery.labels,
        title: "Cloud of the three-dimensional codes of \(codes.count) test images, \(name)")
      let drawing = cloud.drawing
      let link = section.add(drawing, as: "cloud-\(file)")
      let legend: Markup =
        switch gallery.labels {
        case .digits: ""
        case .classes: " data-legend=\"\(cloud.legend.map(String.init).joined(separator: " "))\""
        }
      let content: Markup = """
        <div class="cloud"\(legend) data-cloud="\(Data(cloud.data).base64EncodedString())" \
        data-extent="\(Axis.label(extent, decimals: 1))" data-group="\(section.id)">\
        \(drawing.inline())\
        <canvas hidden tabindex="0" role="img" aria-label="\(cloud.title). Arrow keys turn it."></canvas>\
        <button type="button" hidden>turn</button></div>
        """
      return Page.figure(content, caption: caption, links: [link])
    }
    let drawing = CodesPlot(
      codes: codes, scale: scale, labels: gallery.labels,
      title: "Codes of \(codes.count) test images by \(gallery.labels.word), \(name)"
    ).drawing
    let link = section.add(drawing, as: "codes-\(file)")
    return Page.figure(drawing.inline(), caption: caption, links: [link])
  }

  private func samplesFigure(
    _ configuration: Configuration, _ dimension: Int, isNamed: Bool, in section: inout Section
  ) throws(FigureError) -> Markup? {
    guard let picture = gallery.picture(.samples, of: configuration),
      let sheet = SampleSheet(picture.arrays, latentDim: dimension)
    else { return nil }
    let name = names[configuration]
    let file = "samples-\(names.file(configuration))"
    let drawing = try SamplePlot(
      sheet: sheet,
      title:
        "Images decoded from \(sheet.values.isEmpty ? "random draws" : "a grid of codes"), \(name)"
    ).drawing()
    let links = [
      section.add(drawing, as: file), section.add(try PNG.encode(sheet.image), as: "\(file).png"),
    ]
    return Page.figure(
      drawing.inline(), caption: "Decoded images\(isNamed ? "; \(told(picture))" : "").",
      links: links)
  }

  /// Which run is shown, with its own collapse.
  private func told(_ picture: ShownPicture) -> String {
    let collapsed = picture.run.collapsed.map { "; \($0) collapsed in this run" } ?? ""
    return "\(names[picture.configuration]), \(picture.caption)\(collapsed)"
  }
}
