/// The built-in digits: written by the program itself, so that a machine without a network has a
/// dataset.
///
/// The same bytes on every CPU: only + − × ÷, square roots and `Scalar`.
struct DigitRecipe: CustomStringConvertible {
  let train: Int
  let test: Int

  /// Names the content; its number rises with any change to what is drawn.
  var description: String { "digits 1 \(train) \(test)" }

  /// Writes the cache file, whose digest is defined like that of any other dataset.
  ///
  /// - Returns: The digest.
  func write(to folder: String) throws(DatasetError) -> String {
    var output = try CacheFileWriter(in: folder)
    let painter = DigitPainter()
    for (split, count) in [(DigitSplit.train, train), (.test, test)] {
      let isTrain = split == .train
      try output.write(
        IDXHeader(file: isTrain ? .trainImages : .testImages, count: count).encoded)
      var labels = IDXHeader(file: isTrain ? .trainLabels : .testLabels, count: count).encoded
      for index in 0..<count {
        labels.append(painter.paint(split, index: index))
        try output.write(UnsafeRawBufferPointer(painter.pixels))
      }
      try output.write(labels)
    }
    return try output.commit().digest
  }
}
