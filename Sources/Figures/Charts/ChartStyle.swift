/// The style sheet of every drawing, `chart.css`: its colours are custom properties, one for each
/// `Colour`.
package enum ChartStyle {
  /// For a page that sets `properties`.
  package static let sheet = Markup(
    trusted: String(decoding: PackageResources.chart_css, as: UTF8.self))

  /// With the light colours in the place of the properties, which programs that print do not know.
  static let lightSheet = Markup(
    trusted: Colour.roles.reduce(sheet.text) { sheet, role in
      sheet.replacing("var(--\(role.name))", with: role.light)
    })

  /// The custom properties that `sheet` refers to, without braces around them.
  package static func properties(dark: Bool) -> Markup {
    var rules = Markup()
    for role in Colour.roles { rules += "--\(role.name):\(dark ? role.dark : role.light);" }
    return rules
  }
}
