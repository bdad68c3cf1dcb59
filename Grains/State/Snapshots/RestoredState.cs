using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>What snapshots hold for the key groups of one subtask, until somebody asks for it.</summary>
internal sealed class RestoredState : IDisposable
{
    private readonly KeyedStateSettings _settings;
    private readonly Dictionary<(SectionKind Names, string Name), List<StoredSection>> _sections = [];
    private readonly Dictionary<RestoredBytes, RestoredHold> _holds = [];

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

        foreach (RestoredBytes bytes in restored.Untouched.SelectMany(static section => section.Elsewhere()).Distinct())
        {
            restored._holds.Add(bytes, bytes.Hold());
        }

        return restored;
    }

    /// <summary>Gives a section what was saved for it. What nobody else asks for can not be read any more then.
    /// </summary>
    /// <exception cref="IncompatibleStateException">It cannot take that over.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public void MoveTo(RestorableSection section)
    {
        if (!_sections.Remove(section.Header.Id, out List<StoredSection>? stored))
        {
            return;
        }

        // Somebody may keep what is read here, and say that it is all: it is needed as it is until it is read.
        RestoredHold[] reading =
        [
            .. stored.SelectMany(static part => part.Elsewhere()).Distinct().Select(static bytes => bytes.Hold()),
        ];
        try
        {
            new SectionRestore(section, _settings).Fill(stored);
        }
        finally
        {
            foreach (RestoredHold hold in reading)
            {
                hold.Dispose();
            }
        }

        LetGo();
    }

    /// <summary>What is <see cref="Untouched"/>, held until it is disposed.</summary>
    public UntouchedState Freeze() => new(Untouched, [.. _holds.Values]);

    /// <summary>Nobody will ask any more.</summary>
    public void Dispose()
    {
        foreach (RestoredHold hold in _holds.Values)
        {
            hold.Dispose();
        }

        _holds.Clear();
    }

    // Of what nobody can ask for any more.
    private void LetGo()
    {
        HashSet<RestoredBytes> asked = [.. _sections.Values.SelectMany(
            static parts => parts.SelectMany(static part => part.Elsewhere()))];
        foreach (RestoredBytes bytes in _holds.Keys.Where(bytes => !asked.Contains(bytes)).ToArray())
        {
            _holds.Remove(bytes, out RestoredHold? hold);
            hold!.Dispose();
        }
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

            parts.Add(section.For(_settings.Range));
        }
    }
}
