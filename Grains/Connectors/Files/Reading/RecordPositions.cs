namespace Millrace.Connectors.Files.Reading;

/// <summary>Where the records of the last batch begin: a byte for each, a path for each run of records.</summary>
internal sealed class RecordPositions
{
    private readonly List<(int First, string Path)> _runs = [];
    private long[] _bytes = [];
    private int _count;

    public void Clear()
    {
        _runs.Clear();
        _count = 0;
    }

    /// <summary>The records that follow are of this file.</summary>
    public void Enter(string path)
    {
        if (_runs.Count > 0 && _runs[^1].First == _count)
        {
            _runs.RemoveAt(_runs.Count - 1);
        }

        _runs.Add((_count, path));
    }

    public void Add(long position)
    {
        if (_count == _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(16, 2 * _count));
        }

        _bytes[_count++] = position;
    }

    /// <returns>Null when there is no such record.</returns>
    public string? Describe(int index)
    {
        if ((uint)index >= (uint)_count)
        {
            return null;
        }

        int run = _runs.Count - 1;
        while (_runs[run].First > index)
        {
            run--;
        }

        return $"{_runs[run].Path}:byte {_bytes[index]}";
    }
}
