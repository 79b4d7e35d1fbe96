//! A guest that reads a clock: the build and the host refuse it.

wit_bindgen::generate!({
    inline: "
        package club:clock;
        world clock {
            import now: func() -> u32;
            export read: func() -> u32;
        }
    ",
});

struct Clock;

impl Guest for Clock {
    fn read() -> u32 {
        now()
    }
}

export!(Clock);
