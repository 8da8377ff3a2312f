/// A picture in vectors: its size in CSS pixels, its words for those who can't see it, and its marks.
package struct Drawing {
  package let width: Double
  package let height: Double
  /// What the picture shows, in a sentence.
  package let title: String
  package var body: Markup

  /// As it stands in the page, whose style sheet colours it.
  ///
  /// It never grows beyond `width`, and below `narrowest` it is scrolled rather than shrunk.
  package func inline(narrowest: Double? = nil, attributes: Markup = "") -> Markup {
    let least: Markup = narrowest.map { "min-width:\($0)px;" } ?? ""
    return """
      <svg class="chart" role="img" viewBox="0 0 \(width) \(height)" aria-label="\(title)" \
      style="\(least)max-width:\(width)px"\(attributes)>\(body)</svg>
      """
  }

  /// As a file of its own, with the light colours in it: programs that print know no others.
  package var file: [UInt8] {
    let markup: Markup = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" \
      class="chart" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
      <title>\(title)</title>
      <style>\(ChartStyle.lightSheet)</style>
      <rect class="paper" width="\(width)" height="\(height)"/>
      \(body)
      </svg>

      """
    return Array(markup.text.utf8)
  }
}
