using System.Numerics;

namespace Millrace.Connectors.Datagen;

/// <summary>Numbers at equal distances.</summary>
internal static class NumberRun
{
    /// <summary>Writes them, several at a time.</summary>
    /// <param name="numbers">Where they go.</param>
    /// <param name="first">The first one.</param>
    /// <param name="step">From one to the next. Behind the greatest number the least one follows.</param>
    public static void Fill(Span<long> numbers, long first, long step)
    {
        int written = 0;
        if (Vector.IsHardwareAccelerated && numbers.Length >= Vector<long>.Count)
        {
            Vector<long> next = Vector.CreateSequence(first, step);
            Vector<long> stride = new(unchecked(step * Vector<long>.Count));
            for (; written <= numbers.Length - Vector<long>.Count; written += Vector<long>.Count)
            {
                next.CopyTo(numbers[written..]);
                next += stride;
            }
        }

        for (; written < numbers.Length; written++)
        {
            numbers[written] = unchecked(first + (written * step));
        }
    }
}
