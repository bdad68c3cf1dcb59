using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>What snapshots hold for the key groups of one subtask, until somebody asks for it.</summary>
internal sealed class RestoredState : IDisposable
{
    private readonly KeyedStateSettings _settings;
    private readonly Dictionary<(SectionKind Names, string Name), List<StoredSection>> _sections = [];
    private readonly HashSet<RestoredBytes> _elsewhere = [];
    private readonly List<IDisposable> _holds = [];

    private RestoredState(KeyedStateSettings settings) => _settings = settings;

    /// <summary>What nobody has asked for; sections of one name in the order in which they apply.</summary>
    public IReadOnlyCollection<StoredSection> Untouched => [.. _sections.Values.SelectMany(sections => sections)];

    /// <summary>Nothing.</summary>
    public static RestoredState Empty(KeyedStateSettings settings) => new(settings);

    /// <summary>Takes the parts that belong to the key groups of the settings. An empty snapshot is that of a subtask
    /// which had finished: its key groups hold nothing any more.</summary>
    /// <exception cref="IncompatibleStateException">The snapshots do not cover them, each once, or were taken with
    /// another number of key groups.</exception>
    /// <exception cref="Serialization.RecordCorruptedException">The bytes are no snapshot.</exception>
    public static RestoredState Of(KeyedStateSettings settings, IReadOnlyList<KeyedSnapshot> snapshots)
    {
        var restored = new RestoredState(settings);
        bool[] covered = new bool[settings.KeyGroups];
        bool hasFinished = false;
        foreach (KeyedSnapshot snapshot in snapshots)
        {
            hasFinished |= snapshot.IsEmpty;
            if (!snapshot.IsEmpty)
            {
                restored.Take(snapshot, covered);
            }
        }

        for (int keyGroup = settings.Range.First; keyGroup < settings.Range.End && !hasFinished; keyGroup++)
        {
            if (!covered[keyGroup])
            {
                throw new IncompatibleStateException(
                    $"Operator '{settings.OperatorName}' is to restore {settings.Range}, and none of " +
                    $"{snapshots.Count} snapshots holds key group {keyGroup}.");
            }
        }

        restored._holds.AddRange(restored.Hold());
        return restored;
    }

    /// <summary>Gives a section what was saved for it.</summary>
    /// <exception cref="IncompatibleStateException">It cannot take that over.</exception>
    public void MoveTo(RestorableSection section)
    {
        if (_sections.Remove(section.Header.Id, out List<StoredSection>? stored))
        {
            stored.ForEach(part => part.ReadInto(section, _settings));
        }

        if (_sections.Count == 0)
        {
            Dispose();
        }
    }

    /// <summary>Makes sure that what is <see cref="Untouched"/> can be read until disposal of all that is
    /// returned.</summary>
    public IEnumerable<IDisposable> Hold() =>
        _sections.Count == 0 ? [] : _elsewhere.Select(static bytes => bytes.Hold());

    /// <summary>Nobody will ask any more.</summary>
    public void Dispose()
    {
        _holds.ForEach(static hold => hold.Dispose());
        _holds.Clear();
    }

    private void Take(KeyedSnapshot snapshot, bool[] covered)
    {
        (int keyGroups, KeyGroupRange range, IReadOnlyList<StoredSection> sections) = snapshot.Read();
        if (keyGroups != _settings.KeyGroups)
        {
            throw new IncompatibleStateException(
                $"State of operator '{_settings.OperatorName}' was saved with {keyGroups} key groups and is to be " +
                $"restored with {_settings.KeyGroups}: their number is fixed for the life of the state.");
        }

        for (int keyGroup = range.First; keyGroup < range.End; keyGroup++)
        {
            if (covered[keyGroup])
            {
                throw new IncompatibleStateException(
                    $"Operator '{_settings.OperatorName}' is to restore two snapshots that both hold key group " +
                    $"{keyGroup}.");
            }

            covered[keyGroup] = true;
        }

        foreach (StoredSection section in sections)
        {
            if (!_sections.TryGetValue(section.Header.Id, out List<StoredSection>? parts))
            {
                parts = [];
                _sections.Add(section.Header.Id, parts);
            }

            StoredSection own = section.For(_settings.Range);
            parts.Add(own);
            foreach (StoredGroup group in own.Groups.Concat(own.Removed))
            {
                if (group.Elsewhere is { } elsewhere)
                {
                    _elsewhere.Add(elsewhere);
                }
            }
        }
    }
}
