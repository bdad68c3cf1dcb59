using System.Runtime.InteropServices;

namespace Millrace.Network;

/// <summary>Room that keeps what two threads write apart, on processors that fetch two lines at once too.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal readonly struct CacheLine;
