namespace Millrace.Contracts;

/// <summary>What a <see cref="StateUser"/> should find, in plain dictionaries.</summary>
internal sealed class StateModel
{
    public const int Spaces = 3;

    private readonly Dictionary<string, Slot> _slots = [];

    public IEnumerable<string> Keys => _slots.Keys;

    /// <summary>What is kept for the key at work.</summary>
    public Slot Now { get; private set; } = new();

    public void Begin(string key)
    {
        if (!_slots.TryGetValue(key, out Slot? slot))
        {
            slot = new Slot();
            _slots.Add(key, slot);
        }

        Now = slot;
    }

    /// <summary>All state of one key.</summary>
    internal sealed class Slot
    {
        public string? Value { get; set; }

        public List<int[]> List { get; } = [];

        public Dictionary<(int Number, string Name), long> Map { get; } = [];

        public long? Reduced { get; set; }

        public List<int> Aggregated { get; } = [];

        public int?[] SpacedValue { get; } = new int?[Spaces];

        public List<string>[] SpacedList { get; } = [[], [], []];
    }
}
