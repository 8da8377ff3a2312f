import Glibc

/// What a sweep file's `dataset` names.
package enum DatasetName: Hashable, Sendable, CustomStringConvertible {
  case mnist
  case fashionMNIST
  /// The built-in digits with these numbers of images.
  case digits(train: Int, test: Int)
  /// A folder with IDX files, or one followed by the name of a set in it; `~/` is expanded when it is
  /// looked for.
  case folder(String)

  /// The built-in digits in the size of MNIST.
  package static let builtInDigits = DatasetName.digits(train: 60_000, test: 10_000)

  /// Understands `mnist`, `fashion-mnist`, `digits`, `digits:TRAIN:TEST`, and a folder: text with a
  /// slash, `~`, or the name of a folder that exists.
  package init(parsing text: String) throws(DatasetError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    switch (text, parts.first, parts.count) {
    case ("mnist", _, _): self = .mnist
    case ("fashion-mnist", _, _): self = .fashionMNIST
    case ("digits", _, _): self = .builtInDigits
    case (_, "digits", 3):
      let sizes = 1...IDXHeader.maximumCount
      guard let train = Int(parts[1]), let test = Int(parts[2]), sizes.contains(train),
        sizes.contains(test)
      else {
        throw DatasetError(
          .invalidName, "reading the dataset name '\(text)'",
          problem: "its sizes are not numbers from 1 to \(IDXHeader.maximumCount)",
          advice: "write it like digits:6000:1000")
      }
      guard train >= IDXFile.trainImages.fewestItems, test >= IDXFile.testImages.fewestItems else {
        throw DatasetError(
          .invalidName, "reading the dataset name '\(text)'", problem: "it has one test image",
          advice:
            "give it at least two, since variances are over them: write it like digits:6000:1000")
      }
      self = .digits(train: train, test: test)
    default:
      let isFolder = fileStatus(text).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
      guard !text.isEmpty, text.contains("/") || text == "~" || isFolder else {
        throw DatasetError(
          .invalidName, "reading the dataset name '\(text)'", problem: "there is no such dataset",
          advice:
            "use mnist, fashion-mnist, digits, digits:TRAIN:TEST, or a folder with a slash in it")
      }
      self = .folder(text)
    }
  }

  package var description: String {
    switch self {
    case .mnist: "mnist"
    case .fashionMNIST: "fashion-mnist"
    case .digits(let train, let test):
      self == .builtInDigits ? "digits" : "digits:\(train):\(test)"
    case .folder(let path): path
    }
  }
}
