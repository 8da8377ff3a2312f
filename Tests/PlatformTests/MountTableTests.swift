import Platform
import Testing

@Suite("File systems")
struct MountTableTests {
  private static let table = MountTable(
    parsing: """
      22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      30 22 0:40 / /home rw shared:2 master:1 - nfs4 server:/home rw
      31 22 0:41 / /home/local rw - xfs /dev/sdb1 rw
      32 22 0:42 / /mnt/a\\040b rw - cifs //server/share rw
      33 22 0:43 / /mnt/ssh rw - fuse.sshfs host: rw
      34 22 0:44 / /over rw - nfs server:/over rw
      35 22 0:45 / /over rw - tmpfs tmpfs rw
      a line of another kind
      """)

  @Test(
    "are told by the longest mount point, and the network's are not trusted",
    arguments: [
      ("/", "ext4", nil), ("/homes/x", "ext4", nil), ("/home/me/x.vaesweep", "nfs4", "NFS"),
      ("/home", "nfs4", "NFS"), ("/home/local/x", "xfs", nil), ("/mnt/a b/x", "cifs", "CIFS"),
      ("/mnt/ssh/x", "fuse.sshfs", "FUSE"), ("/over/x", "tmpfs", nil),
    ] as [(String, String, String?)])
  func types(path: String, type: String, untrusted: String?) {
    let filesystem = Self.table.filesystem(of: path)
    #expect(filesystem?.type == type)
    #expect(filesystem?.untrusted == untrusted)
  }

  @Test("of this machine can be read")
  func here() {
    #expect(MountTable.ofThisProcess?.filesystem(of: "/proc/self")?.type == "proc")
  }
}
