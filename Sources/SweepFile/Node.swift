/// What stands in a sweep file: YAML without its anchors, aliases and merge keys, each node with the
/// file and line it came from.
enum Node {
  case scalar(Scalar)
  case sequence(Items)
  case mapping(Pairs)

  struct Scalar {
    var string: String
    /// Whether it was written without quotes, so that `5` may be a number.
    var isPlain = true
    /// Whether it carries a tag of its own, such as `!!str`.
    var isTagged = false
    var place: Place?
  }

  struct Items: RandomAccessCollection {
    var nodes: [Node]
    var place: Place?

    var startIndex: Int { 0 }
    var endIndex: Int { nodes.count }
    subscript(position: Int) -> Node { nodes[position] }
  }

  struct Pairs: RandomAccessCollection {
    var pairs: [(key: Node, value: Node)]
    var place: Place?

    var startIndex: Int { 0 }
    var endIndex: Int { pairs.count }
    subscript(position: Int) -> (key: Node, value: Node) { pairs[position] }

    /// Where a key stands, given by its text.
    func index(of key: String) -> Int? { pairs.firstIndex { $0.key.text == key } }
  }

  /// No value, as after a key that nothing follows.
  static func null(_ place: Place?) -> Node { .scalar(Scalar(string: "", place: place)) }

  static func plain(_ text: String, _ place: Place?) -> Node {
    .scalar(Scalar(string: text, place: place))
  }

  var place: Place? {
    switch self {
    case .scalar(let scalar): scalar.place
    case .sequence(let items): items.place
    case .mapping(let pairs): pairs.place
    }
  }

  /// The text of a scalar.
  var text: String? { if case .scalar(let scalar) = self { scalar.string } else { nil } }
}
