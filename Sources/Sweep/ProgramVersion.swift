/// The version of this program, which receipts and handshakes carry.
package let programVersion = "0.1.0"
