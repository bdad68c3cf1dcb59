using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>Writes the keyed state of one operator in one subtask (docs/formats/keyed-state.md).</summary>
internal sealed class KeyedSnapshotWriter : IDisposable
{
    private readonly KeyedStateSettings _settings;
    private readonly RecordWriter _writer = new();
    private readonly RecordWriter _group = new();

    private KeyedSnapshotWriter(KeyedStateSettings settings) => _settings = settings;

    /// <summary>The snapshot.</summary>
    /// <param name="settings">Whose state it is.</param>
    /// <param name="sections">States and timers of the program that are in memory.</param>
    /// <param name="grouped">Those that are elsewhere.</param>
    /// <param name="untouched">What was restored and nobody asked for: it is kept as it is.</param>
    public static byte[] Write(
        KeyedStateSettings settings,
        IReadOnlyCollection<KeyedSection> sections,
        IReadOnlyCollection<GroupedSection> grouped,
        IReadOnlyCollection<StoredSection> untouched)
    {
        using var snapshot = new KeyedSnapshotWriter(settings);
        RecordWriter writer = snapshot._writer;
        KeyedSnapshotFormat.WritePreamble(writer, settings.KeyGroups, settings.Range);
        writer.WriteCount(sections.Count + grouped.Count + untouched.Count);
        foreach (KeyedSection section in sections)
        {
            KeyedSnapshotFormat.WriteHeader(writer, section.Header);
            snapshot.WriteEntries(section);
        }

        foreach (GroupedSection section in grouped)
        {
            KeyedSnapshotFormat.WriteHeader(writer, section.Header);
            snapshot.WriteEntries(section);
        }

        foreach (StoredSection section in untouched)
        {
            KeyedSnapshotFormat.WriteHeader(writer, section.Header);
            snapshot.WriteEntries(section);
        }

        return writer.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _group.Dispose();
    }

    private void WriteEntries(KeyedSection section)
    {
        var order = new KeyGroupOrder(section, _settings);
        _writer.WriteCount(order.Groups);
        for (int keyGroup = _settings.Range.First; keyGroup < _settings.Range.End; keyGroup++)
        {
            ReadOnlySpan<int> entries = order.EntriesOf(keyGroup);
            if (entries.IsEmpty)
            {
                continue;
            }

            _group.Reset();
            foreach (int entry in entries)
            {
                section.Write(_group, entry);
            }

            WriteGroup(keyGroup, entries.Length, _group.WrittenSpan);
        }
    }

    private void WriteEntries(GroupedSection section)
    {
        int[] groups =
        [
            .. Enumerable.Range(_settings.Range.First, _settings.Range.Count).Where(section.HasEntries),
        ];
        _writer.WriteCount(groups.Length);
        foreach (int keyGroup in groups)
        {
            _group.Reset();
            int entries = section.WriteEntries(keyGroup, _group);
            WriteGroup(keyGroup, entries, _group.WrittenSpan);
        }
    }

    private void WriteEntries(StoredSection section)
    {
        _writer.WriteCount(section.Groups.Count);
        foreach (StoredGroup group in section.Groups)
        {
            WriteGroup(group.KeyGroup, group.Entries, group.Bytes.Span);
        }
    }

    private void WriteGroup(int keyGroup, int entries, ReadOnlySpan<byte> bytes)
    {
        _writer.WriteCount(keyGroup);
        _writer.WriteCount(entries);
        _writer.WriteBytes(bytes);
    }
}
