using System.Runtime.InteropServices;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>A record of 100 bytes without references.</summary>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
internal readonly record struct WideEvent(int Value, Event First, Event Second, Event Third)
{
    /// <summary>Its size.</summary>
    public const int Bytes = 100;

    // As few as the frame that the raw socket writes again and again: neither side reads from far memory.
    private const int Records = 640;

    /// <summary>Always the same ones.</summary>
    public static WideEvent[] Input { get; } =
        [.. Event.Many(Records, 1_000).Select((record, i) => new WideEvent(i, record, record, record))];

    /// <summary>What is added up.</summary>
    internal readonly struct ValueOf : INumberOf<WideEvent>
    {
        public long Of(in WideEvent record) => record.Value;
    }
}
