using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Engine.Tests.Gps;

/// <summary>A pseudo terminal (pty(7)): the program's side is a serial port to whoever opens it.</summary>
internal sealed class Terminal : IDisposable
{
    private const int ReadWriteNoControl = 0x102;
    private readonly SafeFileHandle _master;

    public Terminal()
    {
        _master = new(posix_openpt(ReadWriteNoControl), ownsHandle: true);
        byte[] name = new byte[128];
        Assert.Equal(0, grantpt(_master) | unlockpt(_master) | ptsname_r(_master, name, name.Length));
        Path = Encoding.UTF8.GetString(name.AsSpan(0, Array.IndexOf(name, (byte)0)));
    }

    /// <summary>Path of the port.</summary>
    public string Path { get; }

    /// <summary>Says something.</summary>
    public void Write(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(bytes.Length, (int)write(_master, bytes, bytes.Length));
    }

    /// <summary>The receiver is unplugged.</summary>
    public void HangUp() => _master.Dispose();

    /// <inheritdoc/>
    public void Dispose() => HangUp();

    [DllImport("libc")]
    private static extern int posix_openpt(int flags);

    [DllImport("libc")]
    private static extern int grantpt(SafeFileHandle master);

    [DllImport("libc")]
    private static extern int unlockpt(SafeFileHandle master);

    [DllImport("libc")]
    private static extern int ptsname_r(SafeFileHandle master, byte[] name, nint length);

    [DllImport("libc")]
    private static extern nint write(SafeFileHandle master, byte[] bytes, nint length);
}
