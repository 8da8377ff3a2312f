extension ImageShape {
  /// That of a dataset's images before it is read: of a folder's as the header of its training images
  /// has it.
  ///
  /// Nil where no such file can be read: why, the reading of the dataset tells.
  package init?(of name: DatasetName, folders: DataFolders) {
    switch name {
    case .mnist, .fashionMNIST, .digits: self = .mnist
    case .folder:
      let file = IDXFile.trainImages
      guard let folder = folders.candidates(for: name).first,
        let paths = try? IDXPaths.locate(in: folder, for: name),
        let header = try? file.header(of: paths[file])
      else { return nil }
      self = header.shape
    }
  }
}
