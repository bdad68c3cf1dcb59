using System.Text;

namespace Millrace;

/// <summary>Collects what is written, and does something once a text was seen. Thread-safe.</summary>
internal sealed class LineWatcher(string text, Action seen) : TextWriter
{
    private readonly StringBuilder _written = new();
    private bool _done;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Add(value.ToString());

    public override void Write(string? value) => Add(value ?? "");

    public override void WriteLine(string? value) => Add(value + Environment.NewLine);

    public override string ToString()
    {
        lock (_written)
        {
            return _written.ToString();
        }
    }

    private void Add(string value)
    {
        lock (_written)
        {
            _written.Append(value);
            if (_done || !_written.ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _done = true;
        }

        seen();
    }
}
